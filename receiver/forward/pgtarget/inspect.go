package pgtarget

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// found is a column that a table has.
type found struct {
	name, kind string
	// needed says that a row without a value for it is refused.
	needed bool
}

// query returns the rows of a statement, as texts.
func query(ctx context.Context, c *pgconn.PgConn, statement, parameter string) ([][]string, error) {
	result := c.ExecParams(ctx, statement, [][]byte{[]byte(parameter)}, nil, nil, nil).Read()
	var out [][]string
	for _, row := range result.Rows {
		texts := make([]string, len(row))
		for i, value := range row {
			texts[i] = string(value)
		}
		out = append(out, texts)
	}
	return out, result.Err
}

// inspect says why rows can't be inserted into a table, nil if they can. missing says that
// there is no such table. user is who wants to insert.
func (t table) inspect(ctx context.Context, c *pgconn.PgConn, user string) (missing bool, err error) {
	rows, err := query(ctx, c, `SELECT attname::text, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef AND attidentity = ''
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, t.quoted())
	if err != nil || len(rows) == 0 {
		return err == nil, err
	}
	var all []found
	for _, row := range rows {
		all = append(all, found{row[0], row[1], row[2] == "t"})
	}
	if others := differences(all); len(others) > 0 {
		return false, &mistake{fmt.Sprintf("the table %s has other columns: %s; name another table in ?table=, or change this one", t, strings.Join(others, ", "))}
	}
	rows, err = query(ctx, c, `SELECT has_any_column_privilege(t, 'INSERT') AND has_column_privilege(t, 'message_id', 'SELECT'), EXISTS (
  SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = t AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'message_id')
FROM (SELECT to_regclass($1)::oid AS t) AS x`, t.quoted())
	switch {
	case err != nil:
		return false, err
	case rows[0][0] != "t":
		return false, &mistake{fmt.Sprintf("the user %s may not insert: GRANT SELECT, INSERT ON %s TO %s", user, t, user)}
	case rows[0][1] != "t":
		return false, &mistake{fmt.Sprintf("message_id has no unique index: CREATE UNIQUE INDEX ON %s (message_id)", t)}
	default:
		return false, nil
	}
}

// mayCreate says why the table can't be made.
func (t table) mayCreate(ctx context.Context, c *pgconn.PgConn, user string) error {
	schema := ""
	if len(t) > 1 {
		schema = t[0]
	}
	rows, err := query(ctx, c, `SELECT has_schema_privilege(coalesce(nullif($1::text, ''), current_schema()::text), 'CREATE')`, schema)
	if err == nil && rows[0][0] != "t" {
		err = &mistake{fmt.Sprintf("there is no table %s, and the user %s may not make it: make it yourself (the documentation has it), or GRANT CREATE ON its schema", t, user)}
	}
	return err
}

// differences says what is wrong with the columns of a table. Columns that are not ours may be
// there if they need no value.
func differences(have []found) (out []string) {
	want := append([]column{{name: position, kind: "bigint"}}, columns()...)
	for _, w := range want {
		i := slices.IndexFunc(have, func(f found) bool { return f.name == w.name })
		switch {
		case i < 0:
			out = append(out, w.name+" is missing")
		case have[i].kind != w.kind:
			out = append(out, fmt.Sprintf("%s is %s in place of %s", w.name, safe.Line(have[i].kind), w.kind))
		}
	}
	for _, f := range have {
		ours := slices.ContainsFunc(columns(), func(c column) bool { return c.name == f.name })
		if f.needed && !ours {
			out = append(out, safe.Line(f.name)+" needs a value")
		}
	}
	return out
}

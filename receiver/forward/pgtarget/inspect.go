package pgtarget

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// found is a column that a table has.
type found struct {
	name, kind string
	// needed says that a row without a value for it is refused.
	needed bool
}

// inspect says why rows can't be inserted into a table, nil if they can. missing says that
// there is no such table.
func inspect(ctx context.Context, c *pgx.Conn, table pgx.Identifier) (missing bool, err error) {
	rows, err := c.Query(ctx, `SELECT attname::text, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef AND attidentity = ''
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, table.Sanitize())
	if err != nil {
		return false, err
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (f found, err error) {
		return f, r.Scan(&f.name, &f.kind, &f.needed)
	})
	if err != nil || len(all) == 0 {
		return err == nil, err
	}
	if others := differences(all); len(others) > 0 {
		return false, &mistake{fmt.Sprintf("the table %s has other columns: %s; name another table in ?table=, or change this one", strings.Join(table, "."), strings.Join(others, ", "))}
	}
	var mayInsert, maySelect, unique bool
	err = c.QueryRow(ctx, `SELECT has_any_column_privilege(t, 'INSERT'), has_column_privilege(t, 'message_id', 'SELECT'), EXISTS (
  SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = t AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'message_id')
FROM (SELECT to_regclass($1)::oid AS t) AS x`, table.Sanitize()).Scan(&mayInsert, &maySelect, &unique)
	switch {
	case err != nil:
		return false, err
	case !mayInsert || !maySelect:
		return false, notGranted(c, table)
	case !unique:
		return false, &mistake{fmt.Sprintf("message_id has no unique index: CREATE UNIQUE INDEX ON %s (message_id)", strings.Join(table, "."))}
	default:
		return false, nil
	}
}

func notGranted(c *pgx.Conn, table pgx.Identifier) error {
	return &mistake{fmt.Sprintf("the user %s may not insert: GRANT SELECT, INSERT ON %s TO %s", safe.Line(c.Config().User), strings.Join(table, "."), safe.Line(c.Config().User))}
}

// mayCreate says why the table can't be made.
func mayCreate(ctx context.Context, c *pgx.Conn, table pgx.Identifier) error {
	schema := any(nil)
	if len(table) > 1 {
		schema = table[0]
	}
	var may *bool
	if err := c.QueryRow(ctx, `SELECT has_schema_privilege(coalesce($1::text, current_schema()::text), 'CREATE')`, schema).Scan(&may); err != nil {
		return err
	}
	if may == nil || !*may {
		return notCreated(c, table)
	}
	return nil
}

func notCreated(c *pgx.Conn, table pgx.Identifier) error {
	return &mistake{fmt.Sprintf("there is no table %s, and the user %s may not make it: make it yourself (the documentation has it), or GRANT CREATE ON its schema", strings.Join(table, "."), safe.Line(c.Config().User))}
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

package rowcache

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const deleteRows = `DELETE FROM rows`

// Exported is a row as the store has it.
type Exported struct {
	receiver.Key
	Number, Seq    int64
	State, Updates []byte
}

// DeleteAll deletes all rows from the store. The cache must not be used after it, but
// for Restore.
func (t *Cache) DeleteAll(c *conn.Conn) error {
	for _, table := range []string{deleteRows, deleteIndex} {
		if _, err := c.Run(table); err != nil {
			return err
		}
	}
	return nil
}

// Restore adds a row to the store as it was exported. Numbers must ascend.
func (t *Cache) Restore(c *conn.Conn, r Exported) error {
	code, ok := r.Kind.Code()
	if !ok {
		return codec.ErrInvalid
	}
	row := receiver.Row{Key: r.Key}
	if err := codec.DecodeState(r.State, &row); err != nil {
		return err
	}
	var err error
	if row.Updates, err = codec.DecodeUpdates(r.Updates); err != nil {
		return err
	}
	// An older export has an older state: this writes it as a state of now.
	test, state := codec.TestCode(row.Key), codec.AppendState(nil, &row)
	t.insert.Add(r.Number, code, test, []byte(r.ID), r.Seq, state, r.Updates)
	if err := t.insert.Run(c); err != nil {
		return err
	}
	t.index.insert.Add(code, test, []byte(r.ID), r.Number)
	if err := t.index.insert.Run(c); err != nil {
		return err
	}
	return c.Change(updateIndexed, r.Number)
}

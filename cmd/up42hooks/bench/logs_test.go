package bench

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// The logs that the store is compared with.
const (
	ownStore = "store" // the store itself
	noStore  = "none"  // acknowledges deliveries without storing them: what HTTP and signatures cost
	bareFile = "file"  // appends bodies to a file that is synced for all that wait: what the disk can do
	eachByTx = "each"  // SQLite with a transaction for each delivery: what it costs without batches
)

// openLog opens a log in a folder.
func openLog(kind, dir string) (receiver.Log, error) {
	switch kind {
	case ownStore:
		return sqlite.Open(context.Background(), filepath.Join(dir, "events.db"), sqlite.Options{})
	case bareFile:
		return openFile(filepath.Join(dir, "events.log"))
	case eachByTx:
		return openEach(filepath.Join(dir, "events.db"))
	default:
		return unstored{}, nil
	}
}

type unstored struct{ receiver.Log }

func (unstored) Append(context.Context, *receiver.Event) (receiver.Receipt, error) {
	return receiver.Receipt{Seq: 1}, nil
}

func (unstored) Close() error { return nil }

// file is a log without an index. Bodies that wait at the same time share a sync.
type file struct {
	receiver.Log
	f       *os.File
	queue   chan line
	writing sync.WaitGroup
}

type line struct {
	body   []byte
	stored chan error
}

func openFile(path string) (*file, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	l := &file{f: f, queue: make(chan line, 4096)}
	l.writing.Go(l.write)
	return l, nil
}

func (l *file) Append(_ context.Context, e *receiver.Event) (receiver.Receipt, error) {
	stored := make(chan error, 1)
	l.queue <- line{e.Raw, stored}
	return receiver.Receipt{Seq: 1}, <-stored
}

func (l *file) Close() error {
	close(l.queue)
	l.writing.Wait()
	return l.f.Close()
}

// yields is how often the writer lets other goroutines run before it takes what they have
// queued. More or fewer yields made it slower, and so did waiting.
const yields = 4

func (l *file) write() {
	var out []byte
	var waiting []chan error
	for first := range l.queue {
		for range yields {
			runtime.Gosched()
		}
		out, waiting = append(append(out[:0], first.body...), '\n'), append(waiting[:0], first.stored)
		for n := len(l.queue); n > 0; n-- {
			next := <-l.queue
			out, waiting = append(append(out, next.body...), '\n'), append(waiting, next.stored)
		}
		_, err := l.f.Write(out)
		err = errors.Join(err, l.f.Sync())
		for _, w := range waiting {
			w <- err
		}
	}
}

// each stores each body in a transaction of its own, with the durability of the store.
type each struct {
	receiver.Log
	db *sql.DB
}

func openEach(path string) (*each, error) {
	source := conn.Source(path, "rwc", time.Second) + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE TABLE events (seq INTEGER PRIMARY KEY, message TEXT UNIQUE, body BLOB)`)
	return &each{db: db}, err
}

func (l *each) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	_, err := l.db.ExecContext(ctx, `INSERT INTO events (message, body) VALUES (?, ?)`, e.MessageID, e.Raw)
	return receiver.Receipt{Seq: 1}, err
}

func (l *each) Close() error { return l.db.Close() }

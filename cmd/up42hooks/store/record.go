package store

import "github.com/up42/up42-webhooks/receiver/sqlite"

// What the commands that change or copy the store print as JSON.

type compactRecord struct {
	File   string `json:"file"`
	Before int64  `json:"bytesBefore"`
	After  int64  `json:"bytesAfter"`
}

type backupRecord struct {
	File     string `json:"file"`
	Bytes    int64  `json:"bytes"`
	Events   int64  `json:"events"`
	Rejected int64  `json:"rejected"`
	LastSeq  int64  `json:"lastSeq"`
}

type importRecord struct {
	File       string `json:"file"`
	Events     int64  `json:"events"`
	Duplicates int64  `json:"duplicates"`
	Rejected   int64  `json:"rejected"`
	LeftOut    int64  `json:"leftOut"`
}

type forgetRecord struct {
	Reader      string `json:"reader"`
	Forgotten   bool   `json:"forgotten"`
	Undelivered int64  `json:"undelivered"`
}

type exportRecord struct {
	File     string `json:"file"`
	Events   int64  `json:"events"`
	Rejected int64  `json:"rejected"`
	lossRecord
}

type repairRecord struct {
	File     string `json:"file"`
	Sound    bool   `json:"sound"`
	Noted    string `json:"noted,omitempty"`
	Problem  string `json:"problem,omitempty"`
	Kept     string `json:"kept,omitempty"`
	Resumed  bool   `json:"resumed"`
	Events   int64  `json:"events"`
	Rejected int64  `json:"rejected"`
	lossRecord
}

// lossRecord says what is missing of a damaged store.
type lossRecord struct {
	Missing    int64        `json:"missing"`
	Ranges     []rangeOfSeq `json:"missingRanges"`
	Uncertain  bool         `json:"uncertain"`
	Unreadable int64        `json:"unreadablePlaces"`
}

type rangeOfSeq struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

func lossOf(s *sqlite.Salvaged) lossRecord {
	r := lossRecord{Missing: s.Loss.Events, Ranges: []rangeOfSeq{}, Uncertain: s.Uncertain, Unreadable: s.Places}
	for _, span := range s.Spans {
		r.Ranges = append(r.Ranges, rangeOfSeq(span))
	}
	return r
}

package columns_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table/columns"
)

type column = columns.Column

func TestGrow(t *testing.T) {
	for name, tc := range map[string]struct {
		room    int
		columns []column
		want    []int
	}{
		"shares by weight":                 {14, []column{{Min: 2, Weight: 3}, {Min: 2, Weight: 1}}, []int{8, 4}},
		"stops at the largest width":       {14, []column{{Min: 2, Max: 4, Weight: 3}, {Min: 2, Weight: 1}}, []int{4, 8}},
		"fills the usual widths first":     {12, []column{{Min: 2, Usual: 4, Weight: 9}, {Min: 2, Usual: 6, Weight: 1}}, []int{4, 6}},
		"then the largest":                 {16, []column{{Min: 2, Usual: 4, Weight: 1}, {Min: 2, Usual: 4, Max: 5, Weight: 9}}, []int{9, 5}},
		"leaves room that no column needs": {14, []column{{Min: 2, Max: 4, Weight: 3}, {Min: 2}}, []int{4, 2}},
		"drops the highest first":          {7, []column{{Min: 3}, {Min: 3, Drop: 2}, {Min: 2, Drop: 1}}, []int{3, 0, 2}},
		"of equal ones the last":           {8, []column{{Min: 3, Drop: 1}, {Min: 3, Drop: 1}, {Min: 3, Drop: 1}}, []int{3, 3, 0}},
		"narrows the widest":               {7, []column{{Min: 4}, {Min: 2}}, []int{3, 2}},
		"leaves out the last":              {3, []column{{Min: 4}, {Min: 2}}, []int{1, 0}},
		"without room":                     {0, []column{{Min: 4}}, []int{0}},
		"without columns":                  {5, nil, []int{}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, columns.Grow(tc.columns, tc.room)) })
	}
}

func TestShrink(t *testing.T) {
	for name, tc := range map[string]struct {
		room    int
		columns []column
		want    []int
	}{
		"keeps what fits":                 {14, []column{{Usual: 5}, {Usual: 7}}, []int{5, 7}},
		"narrows the widest":              {14, []column{{Min: 3, Usual: 5}, {Min: 3, Usual: 10}}, []int{5, 7}},
		"not below the least":             {14, []column{{Min: 3, Usual: 6}, {Min: 9, Usual: 10}}, []int{3, 9}},
		"drops what can't fit":            {12, []column{{Min: 4, Usual: 6, Drop: 1}, {Min: 6, Usual: 9}, {Usual: 3, Min: 3}}, []int{0, 7, 3}},
		"drops nothing that can narrow":   {16, []column{{Min: 4, Usual: 6, Drop: 1}, {Min: 3, Usual: 9}, {Usual: 3, Min: 3}}, []int{4, 5, 3}},
		"a least above the usual is void": {5, []column{{Min: 40, Usual: 5}}, []int{5}},
		"cuts the last":                   {7, []column{{Min: 4, Usual: 4}, {Min: 4, Usual: 4}, {Min: 4, Usual: 4}}, []int{4, 1, 0}},
		"an empty column takes no room":   {9, []column{{Usual: 4, Min: 4}, {}, {Usual: 3, Min: 3}}, []int{4, 0, 3}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, columns.Shrink(tc.columns, tc.room)) })
	}
}

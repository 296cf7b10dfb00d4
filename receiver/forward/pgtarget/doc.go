// Package pgtarget forwards events into a table of PostgreSQL.
//
// An event is a row, whose key is the id of its message: a row that is there already is left as
// it is. Rows are inserted one after the other, also if several programs do so, and the column
// position grows in the order in which they are committed. So whoever reads the table by
// position, and goes on behind the last one that he has read, misses none.
package pgtarget

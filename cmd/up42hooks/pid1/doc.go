// Package pid1 lets the program be the first process of a container.
//
// The system gives that process the children that others leave behind, such as those of
// programs that `--exec` runs, and keeps them as zombies until it asks for their exit
// codes. The program itself can't ask for all: it would take the exit codes of programs
// that it waits for elsewhere. So it runs as a child of the first process, which does
// nothing else.
package pid1

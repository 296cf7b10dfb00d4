// Package console has what terminals of Unix and consoles of Windows do in different ways.
package console

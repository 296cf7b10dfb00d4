// Package process ends other programs together with the children that they started.
package process

//go:build !ngrok

package tunnel

// library returns nil: with the build tag ngrok it is ngrok's own library.
func (Program) library(*Options) library { return nil }

func (Program) orLibrary(err error) error { return err }

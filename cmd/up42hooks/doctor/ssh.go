package doctor

import (
	"context"
	"errors"
	"io/fs"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
)

// checkSSH checks who may look over SSH, and says by which key clients know the server. It makes
// no key.
func (e *examination) checkSSH(ctx context.Context) []finding {
	c := e.config
	if c.SSH == "" && c.SSHKeys == "" {
		return []finding{found(note, "the dashboard is not served over SSH (--ssh)")}
	}
	if c.SSH == "" {
		return []finding{found(fail, "--ssh-keys names a file, but there is no --ssh").todo("give --ssh ADDR, like --ssh :2222")}
	}
	if err := remote.CheckAddress(c.SSH, c.SSHKeys, false); err != nil {
		return []finding{found(fail, "%v", err)}
	}
	out := []finding{e.aboutSSHKeys(), e.aboutHostKey()}
	if e.holder == nil {
		out = append(out, e.aboutAddress(ctx, "ssh", c.SSH))
	}
	return out
}

func (e *examination) aboutSSHKeys() finding {
	if e.config.SSHKeys == "" {
		return found(note, "%s: who has a login on this machine may look", e.config.SSH).todo("name the keys of those who may, with --ssh-keys FILE")
	}
	file, err := remote.ReadKeyFile(e.config.SSHKeys, e.Now)
	if err != nil {
		return found(fail, "%v", err).todo("correct it: until then nothing is served over SSH")
	}
	keys, _ := file.Keys() // they were just read
	operators := 0
	for i := range keys {
		if keys[i].Role == remote.Operator {
			operators++
		}
	}
	return found(ok, "%s may look over SSH, %d of them with role=operator", cli.Count(len(keys), "key"), operators)
}

func (e *examination) aboutHostKey() finding {
	file := remote.HostKeyFile(e.config.Store)
	key, err := remote.ReadHostKey(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found(note, "the host key of SSH is made at the first start, in %s", file)
	case err != nil:
		return found(fail, "%v", err)
	default:
		return found(ok, "clients see the host key %s", remote.Fingerprint(key))
	}
}

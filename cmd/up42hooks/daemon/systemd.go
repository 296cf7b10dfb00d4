package daemon

import (
	"log/slog"

	"github.com/coreos/go-systemd/v22/daemon"
)

// notifySystemd reports the receiver's state to systemd, if systemd started it.
func notifySystemd(logger *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		logger.Warn("could not tell systemd", "error", err)
	}
}

// The states that systemd is told.
const (
	stateReady     = daemon.SdNotifyReady
	stateReloading = daemon.SdNotifyReloading
	stateStopping  = daemon.SdNotifyStopping
)

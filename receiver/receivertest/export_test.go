package receivertest

// ClaimPorts gives a process ports of its own until its listener is closed.
var ClaimPorts = claim

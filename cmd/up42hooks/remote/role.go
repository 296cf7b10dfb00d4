package remote

// Role is what a session may do.
type Role string

const (
	// Viewer looks, filters, searches and copies.
	Viewer Role = "viewer"
	// Operator may also resend events, send test events and manage webhooks.
	Operator Role = "operator"
	// Audience looks at stand-ins.
	Audience Role = "audience"
)

// why says why a role may not do something.
func (r Role) why(does string) string {
	if r == Audience {
		return "the audience may not " + does
	}
	return "your key has the role " + string(Viewer) + ", which may not " + does + ": its owner needs role=" + string(Operator)
}

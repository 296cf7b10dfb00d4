package mcp

import (
	"context"
	"errors"
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/admit"
	"github.com/up42/up42-webhooks/receiver/admission"
)

// maxAdmitted is how many numbers a call may have: as many rejected deliveries are kept.
const maxAdmitted = 1000

// admitArgs are the arguments of admit_rejections.
type admitArgs struct {
	Numbers []numberText `json:"numbers,omitempty" jsonschema:"numbers of rejected deliveries, such as r7"`
	All     bool         `json:"all,omitempty" jsonschema:"all that are good now, in the place of numbers"`
	DryRun  bool         `json:"dryRun,omitempty" jsonschema:"only say what would become of them"`
}

// admitted is its result.
type admitted struct {
	Results []printed[admission.Result] `json:"results" jsonschema:"with all: only those that are good"`
	Notes   []string                    `json:"notes,omitempty"`
}

func (c *commands) admitTool() tool {
	return newTool("admit_rejections", changes, "Judge rejected deliveries again, by the current secrets, and admit those that are good: each becomes an event. Forged, altered and stale ones stay rejected. Needed after a wrong secret was corrected. This can't be undone.", c.admit)
}

func (c *commands) admit(ctx context.Context, a admitArgs) (out admitted, err error) {
	if len(a.Numbers) > maxAdmitted {
		return out, fmt.Errorf("numbers: want %d at most", maxAdmitted)
	}
	args := []string{"admit"}
	switch {
	case a.All && len(a.Numbers) > 0:
		return out, errors.New("give either numbers or all")
	case a.All:
		args = append(args, "--all")
	case len(a.Numbers) == 0:
		return out, errors.New("numbers: name the rejected deliveries to admit, such as r7, or give all; list_rejections lists them")
	}
	args = append(args, fmt.Sprintf("--dry-run=%t", a.DryRun), "--")
	for _, n := range a.Numbers {
		args = append(args, string(n))
	}
	done, err := c.change(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	out.Results, out.Notes, err = printedBy[admission.Result](ctx, c, "", admit.NewCommand, args...)
	return out, err
}

package mcp

import (
	"context"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
)

// explanation is what a reason or a verdict means.
type explanation struct {
	Name  string `json:"name"`
	Short string `json:"short"`
	Long  string `json:"long"`
	Todo  string `json:"todo,omitempty" jsonschema:"what the owner can do"`
}

func explained(name string, w receiver.Words) explanation {
	return explanation{Name: name, Short: w.Short, Long: w.Long, Todo: w.Todo}
}

func explainReason(r receiver.Reason) explanation { return explained(string(r), receiver.Explain(r)) }

// explainEvent explains the verdict on a delivery. If something has probably changed it on its
// way, that says what to do.
func explainEvent(e *receiver.Event) explanation {
	if e.Verdict != receiver.Rejected {
		return explained(string(e.Verdict), e.Proof.Words(e.Verdict))
	}
	x := explainReason(e.Reason)
	if cause := e.Cause(); !cause.IsZero() {
		x.Long, x.Todo = x.Long+" "+cause.What, cause.Todo
	}
	return x
}

// explainArgs are the arguments of explain_reason.
type explainArgs struct {
	Reason string `json:"reason,omitempty" jsonschema:"reason of a rejection, such as signature-mismatch, or a verdict, such as partial. Without it: all"`
}

// explanations are its result.
type explanations struct {
	Explanations []explanation `json:"explanations"`
}

func explainTool() tool {
	return newTool("explain_reason", reads, "Explain why deliveries are rejected, and what the owner can do; also what a verdict means.", explain)
}

func explain(_ context.Context, a explainArgs) (explanations, error) {
	var all []explanation
	for _, r := range receiver.Reasons() {
		all = append(all, explainReason(r))
	}
	for _, v := range receiver.Verdicts() {
		all = append(all, explained(string(v), v.Words()))
	}
	if a.Reason == "" {
		return explanations{all}, nil
	}
	i := slices.IndexFunc(all, func(x explanation) bool { return x.Name == a.Reason })
	if i < 0 {
		names := make([]string, len(all))
		for i := range all {
			names[i] = all[i].Name
		}
		return explanations{}, fmt.Errorf("reason: %w", cli.Unknown(a.Reason, names))
	}
	return explanations{all[i : i+1]}, nil
}

package receiver

// ShortJourney is a journey in short: one [Step] a change, the newest trailLen of
// them, oldest first.
type ShortJourney string

// Step is one change in a Trail.
type Step byte

const (
	trailLen  = 12
	lowerStep = 0x10 // flag of a step whose event had less trust than its row
	stepBase  = '0'  // keeps a trail readable in the store
)

// Class is the class of the step's status.
func (s Step) Class() Class { return Class((byte(s) - stepBase) &^ lowerStep) }

// Lower says that the step's event had less trust than its row.
func (s Step) Lower() bool { return (byte(s)-stepBase)&lowerStep != 0 }

// Steps are the steps of the trail, oldest first.
func (t ShortJourney) Steps() []Step { return []Step(t) }

func trailOf(k Kind, journey []StatusUpdate) ShortJourney {
	top := NoTrust
	for _, p := range journey {
		top = max(top, p.Trust)
	}
	if over := len(journey) - trailLen; over > 0 {
		journey = journey[over:]
	}
	b := make([]byte, len(journey))
	for i, p := range journey {
		b[i] = stepBase + byte(p.Class(k))
		if p.Trust < top {
			b[i] += lowerStep
		}
	}
	return ShortJourney(b)
}

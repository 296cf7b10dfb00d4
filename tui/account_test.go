package tui_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

func TestUP42FillsAnEmptyBoard(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("workspace 7f3a1c…", "2 Orders 5", "1 Jobs 2", "3 Events 0", "Fields of Ohlsdor…", "API", "1/5")
		s.Lacks("read")
		s.Press("1", "end")
		s.Shows("▌ ● captured", "Sharpen the", "pansharpening", "2/2")
		s.Press("R")
		s.Shows("UP42 says the same: captured")
	}, asking(anAccount()))
}

func TestDeliveriesTakeOver(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("2 Orders 5")
		s.log.Add(order(11, "FULFILLED", 0))
		s.advance(time.Second)
		s.Shows("2 Orders 5", "▌ ● FULFILLED", "Fields of Ohlsdor…", "1/5")
		assert.NotContains(t, s.Line(4), "API")
		s.Press("/", "PLACED", "enter")
		s.Shows("(0 of 5)")
	}, asking(anAccount()))
}

func TestTheStatusFromUP42CountsIfItIsNewer(t *testing.T) {
	within(t, 200, 30, aLiveDay, func(s *screen) {
		s.Press("v")
		// It changed after the newest delivery, so it is above it.
		assert.Contains(t, s.Line(4), "PLACED")
		assert.Contains(t, s.Line(4), "Fields of Ohlsdorf 11")
		assert.Contains(t, s.Line(4), " API")
		// A delivery said PLACED two minutes ago. The API has a newer status.
		assert.Contains(t, s.Line(5), id(4))
		assert.Contains(t, s.Line(5), "● FULFILLED")
		assert.Contains(t, s.Line(5), " API")
		// The status is the same, but the name is new.
		assert.Contains(t, s.Line(6), id(1))
		assert.Contains(t, s.Line(6), "Fields of Ohlsdorf 1 ")
		assert.NotContains(t, s.Line(6), "API")
		// It changed long ago, without a delivery, so it is below all others.
		assert.Contains(t, s.Line(13), id(12))
		s.Shows("2 Orders 10", "1/10")
		s.Lacks("read")

		s.log.Add(order(4, "ARCHIVED", 0))
		s.advance(time.Second)
		assert.Contains(t, s.Line(4), "ARCHIVED")
		assert.NotContains(t, s.Line(4), "API")
	}, asking(anAccount()))
}

func TestWhatIsNewGetsItsName(t *testing.T) {
	u := anAccount()
	within(t, 120, 30, newMemory, func(s *screen) {
		asked := u.asked
		u.set(func() { u.orders = append(u.orders, listedOrder(40, "PLACED", 0, 0)) })
		s.log.Add(order(40, "PLACED", 0))
		s.advance(time.Second)
		assert.NotContains(t, s.Line(4), "Fields")
		s.log.Add(order(41, "PLACED", 0))
		s.advance(10 * time.Second)
		assert.Equal(t, asked+1, u.asked, "once for all that is new")
		s.Shows("2 Orders 7")
		s.Press("/", id(40), "enter")
		s.Shows("Fields of Ohlsdor…")

		s.log.Add(order(40, "FULFILLED", 0))
		s.advance(time.Minute)
		assert.Equal(t, asked+1, u.asked, "a row that is known is no reason")
		s.Press("p")
		s.log.Add(order(42, "PLACED", 0))
		s.advance(time.Minute)
		assert.Equal(t, asked+1, u.asked, "nor is one that is not seen")
		s.Press("p")
		s.advance(11 * time.Second)
		assert.Equal(t, asked+2, u.asked)
	}, asking(u))
}

func TestSubStatusOfATaskingOrder(t *testing.T) {
	within(t, 120, 40, aDay, func(s *screen) {
		s.Press("/", "feasibility", "enter")
		s.Shows("(1 of 11)", "◆ FEASIBIL…_RESPONSE", "needs you")
		s.Press("enter")
		s.Shows("From UP42's API", "FEASIBILITY_WAITING_RESPONSE", "Fields of Ohlsdorf 2")
	}, asking(anAccount()))
}

func TestRefreshingARow(t *testing.T) {
	u := anAccount()
	within(t, 120, 40, aDay, func(s *screen) {
		u.set(func() { u.orders[0].Status, u.orders[0].UpdatedAt = "BEING_FULFILLED", noon.Add(time.Second) })
		s.Press("R")
		s.Shows("UP42 says: PLACED → BEING_FULFILLED", "▌ ◐ BEING_FULFILLED")
		s.Press("R")
		s.Shows("UP42 says the same: BEING_FULFILLED")

		u.set(func() { u.orders[0].SubStatus = "QUOTATION_ACCEPTED" })
		s.Press("enter", "R")
		s.Shows("UP42 says: BEING_FULFILLED → BEING_FULFILLED (QUOTATION_ACCEPTED)", "QUOTATION_ACCEPTED", "No delivery about it")
		s.Press("esc", "end")
		u.set(func() { u.fail = errors.New("sign in: the password is wrong") })
		s.Press("R")
		s.Shows("could not ask UP42 about", "the password is wrong")
		u.set(func() { u.fail = nil; u.orders = nil })
		s.Press("R")
		s.Shows("UP42 has no such order (any more)")
		s.Press("3", "R") // the newest delivery's order
		s.Shows("UP42 has no such order (any more): " + id(1)[:20])
		s.Press("down", "down", "down", "R")
		s.Shows("nothing to ask UP42 about")
	}, asking(u))
}

func TestAnOlderStatusFromUP42ChangesNothing(t *testing.T) {
	u := anAccount()
	within(t, 120, 40, aDay, func(s *screen) {
		s.Press("/", id(1), "enter")
		u.set(func() { u.orders[1].Status, u.orders[1].UpdatedAt = "PLACED", noon.Add(-time.Minute) })
		s.Press("R")
		s.Shows("UP42 says PLACED, which is older than the events: it stays FULFILLED", "▌ ● FULFILLED")
		s.Press("enter")
		s.Shows("From UP42's API, older than the events")
		s.Lacks("no event yet")
		u.set(func() {
			u.orders[1].Status, u.orders[1].SubStatus, u.orders[1].UpdatedAt = "FULFILLED", "QUOTATION_ACCEPTED", noon
		})
		s.Press("R")
		s.Shows("UP42 says the same: FULFILLED ")
	}, asking(u))
}

func TestASecondRefreshSaysThatOneIsUnderWay(t *testing.T) {
	u := anAccount()
	within(t, 120, 40, aDay, func(s *screen) {
		held := make(chan struct{})
		u.set(func() { u.held = held })
		s.Press("R")
		s.Shows("asking UP42 about " + id(11))
		s.Press("R")
		s.Shows("already being asked about it")
		asked := u.asked
		close(held)
		s.Settle()
		s.Shows("UP42 says the same: PLACED")
		assert.Equal(t, asked, u.asked)
		s.Press("R")
		assert.Equal(t, asked+1, u.asked)

		u.set(func() { u.held = make(chan struct{}) })
		s.Press("R")
		s.advance(31 * time.Second)
		s.Shows("try again (UP42 did not answer in time)")
	}, asking(u))
}

func TestAListThatFailsIsAskedForAgain(t *testing.T) {
	u := anAccount()
	u.fail = &client.Error{Call: "list the orders", Status: 500, Message: "\x1b[2Joh no"}
	within(t, 200, 30, newMemory, func(s *screen) {
		s.Shows("could not ask UP42 for its", "try again later (UP42 answered 500", `\u001b[2Joh no`, "2 Orders 0", "UP42's orders could not be read", "─ UP42 gave no list: names and older rows are missing ─")
		s.advance(10 * time.Second)
		s.Lacks("could not ask UP42")
		s.Lacks("workspace")
		s.Press("R")
		s.Shows("could not ask UP42 for its orders")
		u.set(func() { u.fail = nil })
		s.advance(61 * time.Second)
		s.Shows("2 Orders 5", "1 Jobs 2", "workspace 7f3a1c…")
		s.Lacks("are missing")
		asked := u.asked
		s.advance(5 * time.Minute)
		assert.Equal(t, asked, u.asked, "what is there is not asked for again")
	}, asking(u))
}

func TestANoticeIsNotOverwrittenByAListThatFails(t *testing.T) {
	u := &upstream{fail: errors.New("sign in: the password is wrong")}
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("a secret was made")
		s.Press("down")
		s.advance(61 * time.Second)
		s.Shows("the password is wrong")
	}, asking(u), func(o *tui.Options) { o.Receiver.Notice = "a secret was made" })
}

func TestTheReasonWhyUP42CantBeAskedIsComplete(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{Port: 3998}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for name, tc := range map[string]struct {
		err  error
		want []string
	}{
		"password": {
			&client.Error{Call: "sign in", Status: 401, Message: "Invalid user credentials"},
			[]string{"correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again", "(UP42 does not accept this user name or password)", "UP42 gave no list: names and older rows are missing"},
		},
		"no network": {
			fmt.Errorf("list the orders: %w", refused),
			[]string{"check the network, then try again", "(UP42 does not answer: connection refused)", "UP42 not reached: names and older rows are missing"},
		},
		"no host": {
			fmt.Errorf("list the orders: %w", &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true}}),
			[]string{"there is no host api.example)", "UP42 not reached"},
		},
		"hung up": {fmt.Errorf("list the orders: Get %q: %w", "http://x", io.EOF), []string{"it hung up"}},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 24, newMemory, func(s *screen) {
				assert.Contains(t, s.Line(-3), "could not ask UP42 for its")
				s.advance(6 * time.Second) // the note is gone
				for _, want := range tc.want {
					assert.Contains(t, strings.Join(strings.Fields(s.View()), " "), want)
				}
				s.Lacks("dial tcp", "Get ")
				s.Golden("account-fails-" + strings.ReplaceAll(name, " ", "-"))
			}, asking(&upstream{fail: tc.err}))
		})
	}
}

func TestTheUserCanAskAgainForAnEmptyList(t *testing.T) {
	u := &upstream{}
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("UP42 lists no orders in this workspace")
		u.set(func() { u.orders = anAccount().orders; u.held = make(chan struct{}) })
		s.Press("R")
		s.Shows("asking UP42 for its orders", "Asking UP42 for its orders")
		s.Press("R")
		s.Shows("already being asked for its orders")
		close(u.held)
		s.Settle()
		s.Shows("2 Orders 5")
	}, asking(u))
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Press("R")
		s.Shows("R asks UP42, which needs credentials")
		s.Lacks("WEBHOOK", "workspace")
	})
}

func TestAPausedPageStaysAsItIs(t *testing.T) {
	u := anAccount()
	u.orders = append(u.orders, listedOrder(3, "FAILED", time.Hour, time.Second))
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("end", "p")
		before := s.Line(5)[:60]
		u.set(func() { u.orders[4].Status, u.orders[4].UpdatedAt = "CANCELED", noon.Add(time.Second) })
		s.Press("R")
		s.Shows("UP42 says: FULFILLED → CANCELED", "▌ ● FULFILLED")
		s.log.Add(order(12, "PLACED", -2*time.Second))
		s.advance(time.Second)
		s.Shows("▌ ● FULFILLED")
		assert.Equal(t, before, s.Line(5)[:60])
		s.Press("p")
		s.advance(time.Second)
		s.Shows("▌ ◐ PLACED", "2 Orders 11")
	}, asking(u))
}

func TestCountsStayTrueWithMuchInTheStore(t *testing.T) {
	u := anAccount()
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.advance(time.Second)
		// The store has all five rows that UP42 lists, but most are not on the first
		// screen.
		s.Shows("2 Orders 4,321", "1/4,321")
		s.Lacks("of 4,321 read")
		u.set(func() { u.orders[0].UpdatedAt = noon.Add(time.Hour) })
		s.Press("/", id(11), "enter")
		s.Shows("(1 of 4,321)", "Fields of Ohlsdor…")
	}, asking(u))
}

func TestTheFeedNamesWebhooks(t *testing.T) {
	within(t, 200, 30, throughAWebhook, func(s *screen) {
		s.Press("3")
		s.Shows("WEBHOOK", "0c5d2e1a…")
		s.Press("/", "0c5d2e1a", "enter")
		s.Shows("(1 of 27)")
		s.Press("enter", "enter")
		s.Shows(webhookID)
	}, asking(&upstream{}))
	within(t, 200, 30, throughAWebhook, func(s *screen) {
		s.Press("3")
		s.Shows("my orders")
		s.Press("/", "my orders", "enter")
		s.Shows("(1 of 27)")
		s.Press("enter", "enter")
		s.Shows("my orders (" + webhookID + ")")
	}, asking(anAccount()))
}

// throughAWebhook is aDay with a delivery whose webhook is known.
func throughAWebhook() *memory {
	l := aDay()
	l.Add(with(order(1, "FULFILLED", 0), func(e *receiver.Event) { e.Webhook = webhookID }))
	return l
}

func TestAccountScreens(t *testing.T) {
	for _, tc := range []struct {
		name string
		log  func() *memory
		keys []string
	}{
		{"account-orders", aDay, nil},
		{"account-jobs", aDay, []string{"1"}},
		{"account-order", aDay, []string{"enter"}},
		{"account-order-newer", aLiveDay, []string{"down", "enter"}},
		{"account-webhooks", throughAWebhook, []string{"4"}},
		{"account-events", throughAWebhook, []string{"3"}},
		{"account-empty", newMemory, []string{"3"}},
	} {
		for _, size := range [][2]int{{80, 24}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				within(t, size[0], size[1], tc.log, func(s *screen) {
					s.Press(tc.keys...)
					s.Golden(name)
				}, asking(anAccount()))
			})
		}
	}
}

func TestQuittingDoesNotWaitForUP42(t *testing.T) {
	u := anAccount()
	u.fail = context.Canceled
	within(t, 120, 30, newMemory, func(s *screen) {
		u.set(func() { u.held = make(chan struct{}) })
		s.Press("1", "R", "q")
		assert.True(t, s.quit) // and within's Close returns
	}, asking(u))
}

package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"
)

// when says when a call was, as short as is clear now: 14:05, Yesterday,
// Monday, 3 Nov, 3 Nov 2025.
func when(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	date := with{"Day": t.Day(), "Month": shortMonth(t.Month()), "Year": t.Year()}
	switch days := int(day(now).Sub(day(t)).Hours() / 24); {
	case days == 0:
		return timeOfDay(t)
	case days == 1:
		return lang.L("Yesterday")
	case days > 1 && days < 7:
		return weekday(t.Weekday())
	case t.Year() == now.Year():
		return lang.L("{{.Day}} {{.Month}}", date)
	default:
		return lang.L("{{.Day}} {{.Month}} {{.Year}}", date)
	}
}

// timeOfDay is 14:05, which all our languages write alike.
func timeOfDay(t time.Time) string { return t.Local().Format("15:04") }

// fullTime is Monday, 2 January 2006, 15:04.
func fullTime(t time.Time) string {
	t = t.Local()
	return lang.L("{{.Weekday}}, {{.Day}} {{.Month}} {{.Year}}, {{.Time}}", with{
		"Weekday": weekday(t.Weekday()), "Day": t.Day(), "Month": month(t.Month()), "Year": t.Year(), "Time": timeOfDay(t),
	})
}

func weekday(d time.Weekday) string {
	return [...]string{
		lang.L("Sunday"), lang.L("Monday"), lang.L("Tuesday"), lang.L("Wednesday"), lang.L("Thursday"), lang.L("Friday"), lang.L("Saturday"),
	}[d]
}

func month(m time.Month) string {
	return [...]string{
		lang.L("January"), lang.L("February"), lang.L("March"), lang.L("April"), lang.X("month.may", "May"), lang.L("June"),
		lang.L("July"), lang.L("August"), lang.L("September"), lang.L("October"), lang.L("November"), lang.L("December"),
	}[m-time.January]
}

func shortMonth(m time.Month) string {
	return [...]string{
		lang.L("Jan"), lang.L("Feb"), lang.L("Mar"), lang.L("Apr"), lang.L("May"), lang.L("Jun"),
		lang.L("Jul"), lang.L("Aug"), lang.L("Sep"), lang.L("Oct"), lang.L("Nov"), lang.L("Dec"),
	}[m-time.January]
}

// clock is a duration as 0:07, 12:34 or 1:02:03.
func clock(d time.Duration) string {
	seconds := int(max(0, d).Seconds())
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

// seconds is a short time: 0.14 s, 2.3 s, 1:05.
func seconds(d time.Duration) string {
	switch {
	case d < time.Second:
		return lang.L("{{.Number}} s", with{"Number": decimal(d.Seconds(), 2)})
	case d < time.Minute:
		return lang.L("{{.Number}} s", with{"Number": decimal(d.Seconds(), 1)})
	}
	return clock(d)
}

// decimal is a number with so many digits behind the language's mark.
func decimal(f float64, digits int) string {
	return strings.Replace(fmt.Sprintf("%.*f", digits, f), ".", lang.X("number.decimal", "."), 1)
}

func percent(share float64) string {
	if share < 0.1 {
		return lang.L("{{.Number}} %", with{"Number": decimal(share*100, 1)})
	}
	return lang.L("{{.Number}} %", with{"Number": decimal(share*100, 0)})
}

// times says how often.
func times(n int) string {
	switch n {
	case 1:
		return lang.L("once")
	case 2:
		return lang.L("twice")
	}
	return lang.N("{{.Count}} times", n, with{"Count": n})
}

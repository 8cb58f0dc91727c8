package rundir

import (
	"fmt"
	"time"
)

// byteCount is a size as people say it: 512 B, 86 kB, 3.5 MB.
func byteCount(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	v := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		v /= 1000
		if v < 9.95 {
			return fmt.Sprintf("%.1f %s", v, unit)
		}
		if v < 999.5 {
			return fmt.Sprintf("%.0f %s", v, unit)
		}
	}
	return fmt.Sprintf("%.0f PB", v/1000)
}

// ago says how long before now something was.
func ago(now, then time.Time) string {
	d := now.Sub(then)
	if d < 1500*time.Millisecond {
		return "just now"
	}
	return span(d) + " ago"
}

// span is a duration as people say it, to about two figures.
func span(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return "less than 0.1 s"
	case d < time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 10*time.Hour:
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// moment is a time of day in the zone of now, with the date unless it is today.
func moment(now, then time.Time) string {
	then = then.In(now.Location())
	if y, m, d := then.Date(); y == now.Year() && m == now.Month() && d == now.Day() {
		return then.Format("15:04:05")
	}
	return then.Format("2006-01-02 15:04:05")
}

// count is a number of things: 1 snapshot, 2 snapshots.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

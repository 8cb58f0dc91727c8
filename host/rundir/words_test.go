package rundir

import (
	"testing"
	"time"
)

func TestSizesAndTimesAreSaidAsPeopleSayThem(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1500: "1.5 kB", 86_000: "86 kB", 999_499: "999 kB", 999_500: "1.0 MB",
		3_500_000: "3.5 MB", 2_000_000_000: "2.0 GB", 5e15: "5 PB",
	} {
		if got := byteCount(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "just now", -time.Hour: "just now", 2 * time.Second: "2 s ago", 119 * time.Second: "1 min ago",
		125 * time.Minute: "2 h 05 min ago", 20 * time.Hour: "20 h ago", 72 * time.Hour: "3 days ago",
	} {
		if got := ago(noon, noon.Add(-d)); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
	if got := moment(noon, noon.Add(-13*time.Hour)); got != "2030-04-30 23:00:00" {
		t.Error(got)
	}
}

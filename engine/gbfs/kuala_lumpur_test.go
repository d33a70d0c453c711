package gbfs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine/observe"
)

// shared returns a folder of the shared data beside the project's tree, and skips loudly without.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: %s is not beside the tree", filepath.Join(parts...))
	}
	return path
}

// The wanted figures were counted with another program (Python's json) over the same bytes. The
// discovery names vehicle_types, which nobody has, and neither the vehicles nor the zones.
func TestKualaLumpur(t *testing.T) {
	folder := shared(t, "data", "gbfs_kuala_lumpur")
	f := New(Settings{Hasher: observe.NewHasher([]byte("salt"))})
	var have []string
	names := []string{
		"gbfs", "system_information", "station_information", "station_status", "free_bike_status",
		"geofencing_zones",
	}
	items := map[string]int{}
	for _, name := range names {
		body, err := os.ReadFile(filepath.Join(folder, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		file, err := f.Take(NameOf(name), body, 1_759_900_000_000) // 2025-10-08T05:06:40Z
		if err != nil {
			t.Fatalf("%s: %v %v", name, err, file.Problems)
		}
		if file.Version != "2.2" || file.TTL != 0 {
			t.Errorf("%s: version %s, ttl %d; want 2.2 and 0", name, file.Version, file.TTL)
		}
		if name != "gbfs" {
			have = append(have, name)
			if got := tell(file.Problems); got != nil {
				t.Errorf("%s: problems %v, want none", name, got)
			}
		}
		items[name] = file.Items
	}
	wantItems := map[string]int{
		"gbfs": 4, "system_information": 1, "station_information": 249, "station_status": 249,
		"free_bike_status": 249, "geofencing_zones": 1,
	}
	if diff := cmp.Diff(wantItems, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	wantListing := []string{
		"data.feeds.vehicle_types absent 1", "data.feeds.free_bike_status unlisted 1",
		"data.feeds.geofencing_zones unlisted 1",
	}
	if diff := cmp.Diff(wantListing, tell(f.Listing(have))); diff != "" {
		t.Errorf("Listing() (-want +got):\n%s", diff)
	}
	for count, want := range map[Count]struct {
		vehicles int
		at       int64
	}{
		CountVehicles: {249, 1_759_736_028_000},
		CountStations: {1900, 1_759_826_017_000}, // a day later, and 7.6 times as many
	} {
		list := f.Batches(Fleet{Operator: "zeus", Sector: "scooter", Count: count})
		if len(list) != 1 || len(list[0].Sightings) != want.vehicles || list[0].At != want.at {
			t.Errorf("by %s: %d batches, want one of %+v", count, len(list), want)
		}
	}
}

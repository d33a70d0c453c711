package gbfs

import (
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/lenient"
)

// The files of a feed that stint reads. VehicleStatus is free_bike_status before 3.0.
const (
	Discovery          = "gbfs"
	SystemInformation  = "system_information"
	VehicleTypes       = "vehicle_types"
	StationInformation = "station_information"
	StationStatus      = "station_status"
	VehicleStatus      = "vehicle_status"
	GeofencingZones    = "geofencing_zones"
	freeBikeStatus     = "free_bike_status"
)

// Names returns the files that stint reads in the order in which they help each other: types before
// vehicles.
func Names() []string {
	return []string{
		Discovery, SystemInformation, VehicleTypes, StationInformation, StationStatus, VehicleStatus,
		GeofencingZones,
	}
}

// NameOf returns stint's name for a file as a discovery or a folder calls it, "" for one that stint
// doesn't read.
func NameOf(name string) string {
	name = strings.TrimSuffix(name, ".json")
	if name == freeBikeStatus {
		return VehicleStatus
	}
	for _, known := range Names() {
		if name == known {
			return known
		}
	}
	return ""
}

// version is a version of the standard as far as it changes what a file looks like.
type version struct{ major, minor int }

// parseVersion reads 2.2, 3.0 or 3.1-RC3.
func parseVersion(s string) (v version, ok bool) {
	major, rest, found := strings.Cut(s, ".")
	if !found {
		return v, false
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
	if end >= 0 {
		rest = rest[:end]
	}
	var err1, err2 error
	v.major, err1 = strconv.Atoi(major)
	v.minor, err2 = strconv.Atoi(rest)
	return v, err1 == nil && err2 == nil && v.major >= 0
}

// supported reports whether stint knows the version.
func (v version) supported() bool {
	return v == version{3, 0} || v.major == 2 && v.minor >= 1 && v.minor <= 3
}

// three reports whether a file is to be read as 3.0: RFC 3339 times, localised texts, vehicles
// instead of bikes.
func (v version) three() bool { return v.major >= 3 }

// form is how the version writes times.
func (v version) form() lenient.Form {
	if v.three() {
		return lenient.RFC3339
	}
	return lenient.Seconds
}

// word returns the name that a field has in the version.
func (v version) word(two, three string) string {
	if v.three() {
		return three
	}
	return two
}

// formFactors and propulsions return the words of a version.
func (v version) formFactors() []string {
	list := []string{"bicycle", "car", "moped", "other"}
	if !v.three() {
		list = append(list, "scooter")
	}
	if v.three() || v.minor >= 3 {
		list = append(list, "cargo_bicycle", "scooter_standing", "scooter_seated")
	}
	return list
}

func (v version) propulsions() []string {
	list := []string{"human", "electric_assist", "electric", "combustion"}
	if v.three() || v.minor >= 3 {
		list = append(list, "combustion_diesel", "hybrid", "plug_in_hybrid", "hydrogen_fuel_cell")
	}
	return list
}

package feeds

// VehicleTypes returns the kinds of vehicles of MDS. GBFS has the same words, and before 2.3 one
// more.
func VehicleTypes() []string {
	return []string{
		"bicycle", "bus", "cargo_bicycle", "car", "delivery_robot", "moped", "motorcycle",
		"scooter_standing", "scooter_seated", "truck", "other",
	}
}

// gbfsScooter is a scooter of GBFS before 2.3, seated or standing.
const gbfsScooter = "scooter"

// PropulsionTypes returns the words of MDS and GBFS for what drives a vehicle.
func PropulsionTypes() []string {
	return []string{
		"human", "electric_assist", "electric", "combustion", "combustion_diesel", "hybrid",
		"hydrogen_fuel_cell", "plug_in_hybrid",
	}
}

// IsUUID reports whether a text in lower case is a UUID of any version.
func IsUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range []byte(text) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		if hyphen != (c == '-') || !hyphen && !hex {
			return false
		}
	}
	return true
}

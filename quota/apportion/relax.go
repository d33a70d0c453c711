package apportion

// soft holds bounds that may be broken at a price.
type soft struct{}

func (s *soft) charge(int, int32) int64 { return 0 }

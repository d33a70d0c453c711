// Package feeds reads the file of what a city takes in: whose MDS and GBFS, which vehicles are of
// which sector, how they are counted and how long each kind of data is kept.
//
//	feeds.yaml -> ReadConfig -> Config -> engine/mds, engine/gbfs, engine/live (joined by cmd/stint)
//
// Sources: the words for vehicles and what drives them are those of MDS 2.0.2 (data-types) and of
// GBFS 2.1 to 3.0 (vehicle_types).
package feeds

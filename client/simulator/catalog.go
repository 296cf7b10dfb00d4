package simulator

// product is an image product of a data host.
type product struct{ host, title string }

// The products of archive orders and of tasking orders.
var (
	archiveProducts = [...]product{
		{"oneatlas", "Pléiades"},
		{"oneatlas", "Pléiades Neo"},
		{"oneatlas", "SPOT 6/7"},
		{"head-aerospace", "SuperView NEO"},
		{"21at", "TripleSat"},
		{"21at", "BJ3A"},
		{"capellaspace", "Capella SAR archive"},
		{"iceye", "ICEYE SAR archive"},
		{"near-space-labs", "Near Space Labs"},
	}
	taskingProducts = [...]product{
		{"oneatlas", "Pléiades Neo tasking"},
		{"head-aerospace", "SuperView NEO tasking"},
		{"21at", "TripleSat tasking"},
		{"capellaspace", "Capella spotlight"},
		{"iceye", "ICEYE strip"},
	}
)

// processes are the ids of processes that jobs run, as in UP42's SDK.
var processes = [...]string{
	"detection-buildings-spacept", "detection-trees-spacept", "detection-shadows-spacept",
	"detection-ships-airbus", "detection-storage-tanks-airbus", "detection-wind-turbines-airbus",
	"detection-cars-oi", "detection-aircraft-oi", "detection-change-simularity",
	"coregistration-simularity", "upsampling-ns", "pansharpening", "true-color-conversion",
}

// place is what an image shows. lon and lat are in degrees.
type place struct {
	name     string
	lon, lat float64
}

var places = [...]place{
	{"Hamburg port", 9.97, 53.53},
	{"Berlin Tempelhof", 13.40, 52.47},
	{"Rotterdam Maasvlakte", 4.02, 51.95},
	{"Suez canal", 32.34, 30.59},
	{"Riyadh north", 46.68, 24.83},
	{"NEOM coast", 35.30, 28.05},
	{"Singapore strait", 103.82, 1.22},
	{"São Paulo", -46.63, -23.55},
	{"Lake Chad", 14.10, 13.20},
	{"Nairobi", 36.82, -1.29},
	{"Valencia", -0.38, 39.47},
	{"Reykjavík", -21.94, 64.15},
	{"Mekong delta", 105.80, 9.90},
	{"Panama canal", -79.68, 9.08},
	{"Kyiv", 30.52, 50.45},
	{"Central Valley", -119.77, 36.74},
}

var tags = [...][]string{{"demo"}, {"monitoring", "weekly"}, {"harvest"}, {"urban"}, nil, nil}

// budgets are the ids of the account's budgets. An order may have none.
var budgets = [...]string{named("budget of the harvest"), named("budget of the coast"), "", ""}

// taskNames are the names of a job's tasks, in their order.
var taskNames = [...]string{"tiling:1", "detection:1", "merging:1", "export:1"}

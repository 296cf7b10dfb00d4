package client

// Regions of UP42.
const (
	Europe      = "eu"
	SaudiArabia = "sa"
)

// APIURL is the address of a region's API; "" for a region that is not known.
func APIURL(region string) string {
	switch region {
	case Europe:
		return "https://api.up42.com"
	case SaudiArabia:
		return "https://api.sa.up42.com"
	default:
		return ""
	}
}

// AuthURL is the address of a region's sign-in; "" for a region that is not
// known.
func AuthURL(region string) string {
	switch region {
	case Europe:
		return "https://auth.up42.com"
	case SaudiArabia:
		return "https://auth.sa.up42.com"
	default:
		return ""
	}
}

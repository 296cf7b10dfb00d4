package client

// The regions of UP42.
const (
	Europe      = "eu"
	SaudiArabia = "sa"
)

// APIURL returns the address of the API of a region. It is empty for an unknown region.
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

// AuthURL returns the address of the sign-in of a region. It is empty for an unknown region.
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

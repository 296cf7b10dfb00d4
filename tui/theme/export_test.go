package theme

// Grounds returns the backgrounds that a theme is made for.
func Grounds(name string) (grounds []string) {
	for _, s := range schemes {
		if s.name == name {
			for _, c := range s.grounds {
				grounds = append(grounds, string(c))
			}
		}
	}
	return grounds
}

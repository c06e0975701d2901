package schema

// sectionMeanings says in the published schema what a section is about.
var sectionMeanings = map[Section]string{
	SectionPerformance: "Per note, of this scope, format and window alone",
	SectionAudience:    "Followers, not viewers; top lists do not add up to 100",
	SectionCosts:       "The platform's estimates, CNY at list price without its fee",
}

package schema

// ProfileInput is what get_blogger_profile takes.
type ProfileInput struct {
	UserID     string
	Raw        RawMode
	Refresh    bool
	CachedOnly bool
}

// ProfileArguments are the arguments of get_blogger_profile.
var ProfileArguments = newArguments(
	func(in *ProfileInput, named naming) *Refusal {
		return notBoth(in.Refresh, in.CachedOnly, named)
	},
	arg("userId", "", "24 hex digits, or a profile URL that carries it: xiaohongshu.com/user/profile/ID or pgy.xiaohongshu.com/…/blogger-detail/ID. Not the 小红书号 (redId), not a note URL.",
		userID(), func(in *ProfileInput) *string { return &in.UserID }),
	arg("raw", "", "The upstream's data: compact leaves out what is not filled (null, {}, [], platform figures of 0); full is byte for byte; none leaves it out.",
		oneOf(rawModes), func(in *ProfileInput) *RawMode { return &in.Raw }),
	arg("refresh", "", refreshWords, boolean(), func(in *ProfileInput) *bool { return &in.Refresh }),
	arg("cachedOnly", "cached-only", cachedOnlyWords, boolean(), func(in *ProfileInput) *bool { return &in.CachedOnly }),
)

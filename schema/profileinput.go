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

// Descriptions of arguments that several tools have.
const (
	refreshWords    = "Ask the upstream again; paid."
	cachedOnlyWords = "Pay nothing: only cached answers, even expired."
)

// notBoth refuses refresh together with cachedOnly. name is check's.
func notBoth(refresh, cachedOnly bool, named naming) *Refusal {
	if !refresh || !cachedOnly {
		return nil
	}
	return refuse(t(
		"%s and %s exclude each other: one pays for new figures, the other pays nothing; give one",
		"%s 与 %s 不能同时使用：前者付费获取新数据，后者不付费；请只给其中一个"),
		named("refresh"), named("cachedOnly"))
}

package kandyapi

import "net/url"

// TokenPath is where tokens are fetched, by POST of a form.
const TokenPath = "/cpaas/auth/v1/token"

// ServiceCall is the call service's name in subscriptions.
const ServiceCall = "call"

// ChannelsPath lists and creates notification channels of a user.
func ChannelsPath(user string) string {
	return "/cpaas/notificationchannel/v1/" + url.PathEscape(user) + "/channels"
}

// SubscriptionsPath lists and creates call subscriptions of a user.
func SubscriptionsPath(user string) string { return callPath(user, "subscriptions") }

// TurnPath hands out TURN credentials.
func TurnPath(user string) string { return callPath(user, "turn") }

// SessionsPath lists and creates calls of a user.
func SessionsPath(user string) string { return callPath(user, "sessions") }

// SessionPath is one call, as this user sees it.
func SessionPath(user, session string) string {
	return SessionsPath(user) + "/" + url.PathEscape(session)
}

func callPath(user, what string) string {
	return "/cpaas/webrtcsignaling/v1/" + url.PathEscape(user) + "/" + what
}

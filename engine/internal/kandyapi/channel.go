package kandyapi

// Keep-alive roles of a channel: who sends connCheck.
const (
	RoleClient = "client"
	RoleServer = "server"
)

// ChannelTypeRequest is how clients ask for a websocket; ChannelTypeAnswer is
// how it must come back, in lower case. Compare without case.
const (
	ChannelTypeRequest = "Websockets"
	ChannelTypeAnswer  = "websockets"
)

// ChannelBody is {"notificationChannel": …}.
type ChannelBody struct {
	NotificationChannel *Channel `json:"notificationChannel"`
}

// Channel is a notification channel, in requests and answers.
type Channel struct {
	CallbackURL      string       `json:"callbackURL,omitempty"`
	ChannelData      *ChannelData `json:"channelData,omitempty"`
	ChannelLifetime  int64        `json:"channelLifetime,omitempty"` // seconds
	ChannelType      string       `json:"channelType"`
	ClientCorrelator string       `json:"clientCorrelator,omitempty"`
	ConnCheckRole    string       `json:"x-connCheckRole,omitempty"`
	ResourceURL      string       `json:"resourceURL,omitempty"`
}

// ChannelData says where the websocket is.
type ChannelData struct {
	ChannelURL string `json:"channelURL"`
}

// ChannelLifetimeBody prolongs a channel.
type ChannelLifetimeBody struct {
	Lifetime *ChannelLifetime `json:"notificationChannelLifetime"`
}

// ChannelLifetime is in seconds.
type ChannelLifetime struct {
	ChannelLifetime int64 `json:"channelLifetime"`
}

// SubscriptionBody is {"wrtcsNotificationSubscription": …}.
type SubscriptionBody struct {
	Subscription *Subscription `json:"wrtcsNotificationSubscription"`
}

// Subscription ties the call service to a channel.
type Subscription struct {
	CallbackReference *CallbackReference `json:"callbackReference"`
	ClientCorrelator  string             `json:"clientCorrelator,omitempty"`
	ResourceURL       string             `json:"resourceURL,omitempty"`
}

// CallbackReference names a channel by its callbackURL.
type CallbackReference struct {
	NotifyURL string `json:"notifyURL"`
}

// TurnBody is {"wrtcsTurnCredentials": …}.
type TurnBody struct {
	Credentials *TurnCredentials `json:"wrtcsTurnCredentials"`
}

// TurnCredentials is the request (correlator only) and the answer. URLs is an
// extension of Tring's switchboard, which other clients ignore; a real Kandy
// server leaves the addresses to the application's configuration.
type TurnCredentials struct {
	ClientCorrelator string   `json:"clientCorrelator,omitempty"`
	Username         string   `json:"username,omitempty"`
	Password         string   `json:"password,omitempty"`
	URLs             []string `json:"urls,omitempty"`
}

package ui

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// The engine says what went wrong in English: that is what logs and the command
// line have. The window knows its sentences, with what is put into them, and
// says them in its own language; one that it does not know stays English.

// problemWords is a problem in the language of the window.
func problemWords(p *engine.Problem) (cause, next string) {
	return translate(p.Cause), translate(p.Next)
}

// problemText is both in one.
func problemText(p *engine.Problem) string {
	if p == nil {
		return lang.L("Something went wrong; no details were given.")
	}
	return join(problemWords(p))
}

// errorText is what is wrong in the language of the window, as far as it is
// known there.
func errorText(err error) string {
	var p *engine.Problem
	if errors.As(err, &p) {
		return problemText(p)
	}
	return translate(err.Error())
}

// inQuotes are a server's own words in a sentence: “…” in brackets.
var inQuotes = regexp.MustCompile(` \(“([^”]*)”\)`)

// atSpeaker ends what the engine says of a ringer that does not work.
const atSpeaker = " Calls ring at the speaker."

// translate says a sentence of the engine in the language of the window.
func translate(sentence string) string {
	said := inQuotes.FindStringSubmatch(sentence)
	if said != nil {
		sentence = strings.Replace(sentence, said[0], "", 1)
	}
	if first, more := strings.CutSuffix(sentence, atSpeaker); more {
		sentence = translate(first) + " " + lang.L("Calls ring at the speaker.")
	}
	for _, p := range problemPatterns() {
		if found := p.text.FindStringSubmatch(sentence); found != nil {
			data := with{}
			for i, name := range p.text.SubexpNames() {
				if data[name] = found[i]; name == "Device" {
					data[name] = deviceRoleName(found[i])
				}
			}
			say := lang.L // its keys are those of problemSentences
			sentence = say(p.key, data)
			break
		}
	}
	if said == nil {
		return sentence
	}
	words, stop := strings.CutSuffix(sentence, ".")
	if words += " (“" + said[1] + "”)"; stop {
		words += "."
	}
	return words
}

// deviceRoleName is a role by its English word.
func deviceRoleName(word string) string {
	switch word {
	case "camera":
		return lang.L("camera")
	case "microphone":
		return lang.L("microphone")
	case "speaker":
		return lang.L("speaker")
	case "ringer":
		return lang.L("ringer")
	}
	return word
}

type problemPattern struct {
	key  string
	text *regexp.Regexp
}

// problemPatterns finds sentences with anything in the places of a template.
var problemPatterns = sync.OnceValue(func() []problemPattern {
	place := regexp.MustCompile(`\\\{\\\{\\\.(\w+)\\\}\\\}`)
	var patterns []problemPattern
	for _, key := range problemSentences {
		text := place.ReplaceAllStringFunc(regexp.QuoteMeta(string(key)), func(found string) string {
			name := place.FindStringSubmatch(found)[1]
			if name == "Device" {
				return `(?P<Device>camera|microphone|speaker|ringer)`
			}
			return `(?P<` + name + `>.+)`
		})
		patterns = append(patterns, problemPattern{string(key), regexp.MustCompile(`\A` + text + `\z`)})
	}
	return patterns
})

// translated is a key of the catalogues that stands in a list.
type translated string

// problemSentences are the engine's, the store's and the keyring's; the more
// exact ones come first.
var problemSentences = []translated{
	// Signing in
	"The password for {{.User}} is wrong.",
	"Check it and sign in again.",
	"The user name or password for {{.User}} is wrong.",
	"Check both and sign in again.",
	"{{.Host}} does not know the client id “{{.ClientID}}”.",
	"Check the client id in the account's settings.",
	"The sign-in of {{.User}} has expired.",
	"Sign in with the password.",
	"{{.Host}} refused the sign-in of {{.User}}.",
	"Check the account and sign in again.",
	"Signing in failed.",
	"The server refused the request.",
	"{{.Host}} does not say who signed in.",
	"There is no password for {{.User}}.",
	"Enter it to sign in.",
	"Check the network and the server's address, then try again.",
	"Check the server's address.",
	"Try again in a moment.",
	"Sign in again.",
	"Sign in first.",
	"You are signed out.",
	"You are not signed in.",
	"Signing in was given up.",
	"The request was given up.",
	"Ask whoever runs the server.",
	"{{.Host}} did not answer in time.",
	"{{.Host}} did not answer within {{.Seconds}} s.",
	"{{.Host}} wants an encrypted connection.",
	"Write https:// in the server's address.",
	"{{.Host}} no longer accepts this sign-in.",
	"{{.Host}} does not allow this.",
	"{{.Host}} does not look like a Kandy server.",
	"{{.Host}} answers with a web page; it does not look like a Kandy server.",
	"{{.Host}} cannot do this.",
	"{{.Host}} has a fault of its own ({{.Status}}).",
	"{{.Host}} refused the request ({{.Status}}).",
	"{{.Host}} points to another address.",
	"If you trust {{.Host}}, enter it as the server.",
	"{{.Host}} had too many requests from here.",
	"Wait a minute, then try again.",
	"Try again in {{.Duration}}.",
	"{{.Host}} gave an empty answer.",
	"The answer of {{.Host}} was cut short.",
	"{{.Host}} gave an answer that cannot be understood.",
	"The certificate of {{.Host}} is not valid yet.",
	"Check the date and time of this computer.",
	"The certificate of {{.Host}} has expired.",
	"Ask whoever runs the server to renew it, and check the date of this computer.",
	"The certificate of {{.Host}} is for another name.",
	"Nobody known vouches for the certificate of {{.Host}}.",
	"If the server uses a private or self-signed certificate that you trust, start Tring with --ca-file and the certificate's file.",
	"The certificate of {{.Host}} cannot be trusted.",
	"There is no server named {{.Host}}.",
	"There is no server called {{.Host}}.",
	"Check the server’s address.",
	"The certificate file {{.Name}} cannot be read.",
	"Check its path and permissions, or remove it from the account.",
	"The file {{.Name}} holds no certificate.",
	"Choose a file in PEM form, which has a line BEGIN CERTIFICATE.",
	"The name {{.Host}} could not be looked up.",
	"Check the network connection.",
	"{{.Host}} does not speak TLS on this port.",
	"Check the port in the server's address.",
	"{{.Host}} refused an encrypted connection.",
	"What answers at {{.Host}} is not a web server, or wants https://.",
	"Nothing answers at {{.Host}}.",
	"Check the server's address and port, and whether the server runs.",
	"There is no way to {{.Host}} at the moment.",
	"{{.Host}} closed the connection.",
	"{{.Host}} cannot be reached.",
	"The server no longer answers.",
	"The connection is made again by itself.",
	"Without encryption the password could be read on its way to {{.Host}}.",
	"Use https:// in the server's address; http:// works for a server on this computer only.",
	"Enter the server as https://host or https://host:port.",

	"No server is given.",
	"The server's address cannot be read.",
	"The server's address holds more than a host and a port.",
	"The server's address begins with {{.Scheme}}://, which is not a web address.",

	// Calls
	"No address is given.",
	"The address is too long.",
	"“{{.Address}}” is not an address.",
	"“{{.Address}}” needs a domain, since the server tells none.",
	"“{{.Domain}}” is not a domain.",
	"Enter a name such as bob, an address such as bob@example.com, or a number.",
	"There is nobody called {{.Address}} on this server.",
	"There is nobody called {{.Address}}.",
	"Check the address.",
	"Check the address and try again.",
	"{{.Name}} does not answer.",
	"{{.Name}} is not signed in anywhere.",
	"{{.Name}} is in another call.",
	"{{.Name}} declined the call.",
	"The server does not accept a call to {{.Name}}.",
	"Try again later.",
	"The call could not be made.",
	"Try again.",
	"The call is already over.",
	"The call is over.",
	"Make a new call.",
	"Call again.",
	"There is no such call.",
	"There is no such call, or it is over.",
	"The call was answered already.",
	"Hang up to end it.",
	"The call is not answered yet.",
	"Wait until it is.",
	"The call was taken on another device, or is over.",
	"The other side is changing the call at this moment.",
	"The call cannot be transferred at this moment.",
	"The call could not be transferred: nobody took it.",
	"Go on talking, or transfer it to somebody else.",
	"The call was resumed, so it is not transferred.",
	"Transfer it again if you want to.",
	"This server cannot pass calls on.",
	"Call the other person yourself.",
	"This server cannot join two calls.",
	"Tell each the other's address.",
	"The other call is over.",
	"Go on talking, or transfer the call to an address.",
	"The other call could not be put on hold.",
	"Put it on hold, then join the two again.",
	"The other side takes no video.",
	"The call goes on without your picture.",
	"The other side does not respond to a change of the call.",
	"Try again, or hang up and call anew.",
	"Try again when the call has settled.",
	"An earlier change of this call failed half-way.",
	"Hang up and call again.",
	"The far end's session description could not be used.",
	"Ask the other side to update their program or to use another one.",
	"The media of the two programs do not fit together.",
	"Try a voice call.",
	"The caller's offer could not be read.",
	"Call back.",
	"The media engine could not be started.",
	"Restart Tring and try again.",
	"The tones could not be sent.",
	"The other side does not take digits.",
	"Say them instead.",
	"Tones are the digits 0 to 9, *, # and A to D.",
	"Leave the other characters out.",
	"Too many digits wait to be sent.",
	"Wait until they are out.",
	"The call has no sound or picture yet.",
	"Wait until it is answered.",
	"No media connection could be set up.",
	"Restart the program.",
	"Check the relay servers (TURN) in the settings.",
	"The network interfaces of this computer cannot be read.",
	"Check the network settings and try again.",
	"Tring is being closed.",
	"The program is closing.",
	"Start it again.",

	// Devices
	"No sound device was found.",
	"Calls go without sound until one is connected.",
	"Connect a headset or speakers, or start the system's sound service.",
	"No camera was found, so the test pattern is shown in its place.",
	"Plug a camera in and choose it in the settings.",
	"No {{.Device}} was found.",
	"Connect a {{.Device}}, or go on without one.",
	"The {{.Device}} {{.Name}} is not there.",
	"Connect it, or choose another {{.Device}}.",
	"The {{.Device}} {{.Name}} no longer answers.",
	"Connect it again, or choose another {{.Device}}.",
	"The {{.Device}} is used by another program.",
	"The {{.Device}} {{.Name}} is used by another program.",
	"Close that program and try again, or choose another one.",
	"Close that program, then turn the camera on again.",
	"The system does not let Tring use the {{.Device}} {{.Name}}.",
	"Allow it in the system's privacy settings (on Linux: join the group that owns the device) and choose the {{.Device}} again.",
	"The {{.Device}} {{.Name}} cannot be started: {{.Reason}}.",
	"Unplug it and plug it in again, or choose another one.",
	"No sound at all comes from the microphone.",
	"Check its switch and the system's sound settings, or choose another microphone.",
	"The sound device has stopped working.",
	"Plug it in again or choose another one in the settings; it is tried again by itself.",
	"The sound device could not be used.",
	"Choose another one in the settings; this one is tried again by itself.",
	"The sound device no longer answers.",
	"Connect it again, or choose another one.",
	"This build of Tring has no echo cancellation: use a headset, or a build with the WebRTC audio processing library.",
	"The sound of the call could not be set up.",
	"Close other programs and call again.",
	"The file {{.Name}} does not exist.",
	"Check its name, or choose another one.",
	"The file {{.Name}} may not be opened.",
	"Check its permissions, or choose another one.",

	"{{.Name}} cannot be used as a {{.Device}}: {{.Reason}}.",
	"Choose a YUV4MPEG2 file (.y4m) with 8-bit 4:2:0 colour.",
	"Choose a .wav file with PCM or floating-point samples.",
	"The speaker cannot be recorded to {{.Name}}: {{.Reason}}.",
	"Choose another .wav file.",
	"The recording {{.Name}} stopped: {{.Reason}}.",
	"Make room on the disk and start it again. The call goes on.",
	"The sound device failed.",
	"Choose another one in the settings.",
	"The camera failed.",
	"Choose another one in the settings; the call goes on without your picture.",
	"The ringer failed.",
	"The ringer does not play.",
	"Plug it in again or choose another one in the settings.",

	// What goes without a library
	"pictures are converted by slower code",
	"no echo cancellation",

	// The check before a call
	"A check would disturb the call.",
	"Check when it is over.",
	"A check is running already.",
	"Wait until it is over.",
	"A call came in between, so the check was stopped.",
	"The check was stopped.",
	"This took too long.",
	"Check again.",
	"No microphone is chosen.",
	"Choose one in the settings to be heard.",
	"The microphone is too loud, which distorts.",
	"Turn it down in the system's sound settings, or keep a little away from it.",
	"It is loud around the microphone.",
	"Find a quieter place, or use a headset.",
	"The microphone works. Nobody spoke, so it is not known how loud you are.",
	"Check again and speak meanwhile.",
	"You are hard to hear.",
	"Come closer to the microphone, or turn it up in the system's sound settings.",
	"The microphone hears you well.",
	"No speaker is chosen.",
	"Choose one in the settings to hear others.",
	"The speaker is a file, which no microphone hears.",
	"The test tone was played, and there is no microphone to hear it.",
	"Check again and listen for it.",
	"The microphone does not hear the speaker.",
	"With headphones that is as it should be. Otherwise turn the speaker up, or choose another one.",
	"The microphone hears the speaker.",
	"No camera is chosen.",
	"Choose one in the settings to be seen.",
	"The camera gives no picture.",
	"The picture of the camera is black.",
	"Open its cover, or turn on a light.",
	"Your picture is dark.",
	"Turn on a light in front of you.",
	"The camera gives only {{.Rate}} pictures a second.",
	"More light may help; so may another camera.",
	"The camera gives {{.Rate}} pictures a second of {{.Size}}.",
	"No server is known.",
	"{{.Host}} answers slowly.",
	"Calls may take long to begin. Try another network.",
	"You are signed in as {{.User}}.",
	"Signing in takes too long.",
	"Only who is signed in learns of relays.",
	"The server names no relay over {{.Way}}.",
	"The way over {{.Way}} is open.",
	"Nothing gets through over {{.Way}}.",
	"{{.Host}} does not answer over {{.Way}}.",
	"Ask whoever runs the network to let it through.",
	"The relay {{.Host}} refuses us ({{.Status}}).",
	"Your sound does not come back.",
	"Only silence comes back.",
	"Ask whoever runs the server whether the echo contact works.",
	"The way to the other side and back takes {{.Duration}} ms.",
	"Expect pauses in talking. Another network may be faster.",
	"Your sound comes back.",
	"There is no picture to send.",
	"Your picture does not come back.",
	"Try another network, or ask whoever runs the server.",
	"Your picture comes back, but jerks.",
	"Close other programs that use the network or the processor.",
	"Your picture comes back with {{.Size}}.",
	"No echo contact is known.",
	"Give its address to hear and see yourself as others do.",
	"The echo contact answers, and no sound or picture gets through.",
	"This network may block calls: try another one, or ask whoever runs the server for a relay.",
	"The echo contact does not answer.",
	"Check its address.",
	"{{.Loss}} % is lost on the way there and back.",
	"Come closer to the Wi-Fi, or use a cable.",
	"{{.Host}} answers.",

	// Screens
	"The screen can no longer be shared.",
	"The picture of {{.Name}} cannot be read: {{.Reason}}.",
	"This display does not use 8 bits for each colour.",
	"Set it to millions of colours (24 bits) to share it.",
	"No display is there to be shared (DISPLAY is not set).",
	"Start Tring from a desktop session.",
	"The display {{.Name}} cannot be reached: {{.Reason}}.",
	"Check that DISPLAY names the desktop session, then try again.",
	"The display does not answer.",
	"Check that the desktop session still runs, then try again.",
	"The window {{.Name}} was closed.",
	"{{.Name}} was switched off or unplugged.",
	"That screen or window is no longer there.",
	"Choose another one.",
	"The window {{.Name}} is minimised.",
	"Bring it back to the screen, then share it.",
	"On a Wayland desktop, screens are shared through the desktop portal, which Tring cannot use yet.",
	"Sign in to an X11 (Xorg) session to share a screen.",
	"Tring cannot share screens on this system yet.",
	"Share from a Linux desktop with an X11 session.",

	// History, contacts and settings
	"The contact has no address and no number.",
	"Add one, so that it can be called.",
	"There are {{.Count}} contacts already.",
	"Delete some that you no longer need.",
	"The file with your history, contacts and settings was damaged; what could be read was kept.",
	"The damaged file is still there as {{.Name}}.",
	"Tring is running already and holds your history, contacts and settings.",
	"Close one of the two; until then, what changes here is forgotten.",
	"The disk is full; the latest changes to your history, contacts and settings are not saved yet.",
	"Make room; they are saved with the next change.",
	"Your history, contacts and settings were last used by a newer version of Tring.",
	"Install the newer version; until then, what changes here is forgotten.",
	"Your history, contacts and settings cannot be saved in {{.Folder}}.",
	"Check that the folder can be written; until then, what changes here may be forgotten.",
	"The contacts could not be written to the file.",
	"Choose another place and try again.",
	"This call is no longer in the history.",
	"Close and open the history again.",
	"The file holds no contacts.",
	"Choose a file of vCards; its name mostly ends with .vcf.",
	"The file of contacts could not be read to its end.",
	"Choose it again.",
	"The file of contacts is too large.",
	"Export it again without pictures, or in parts.",

	// The keyring
	"This system has no keyring that Tring can use.",
	"This system has no keyring that answers, so the sign-in is kept only until Tring is closed.",
	"The demo's account ends with the program.",
}

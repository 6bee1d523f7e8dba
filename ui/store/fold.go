package store

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folds names, for each plain letter, the small ones that are it with an
// accent (Unicode decompositions), and after them letters that people type so.
var folds = map[rune]string{
	'a': "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
	'b': "ḃḅḇ",
	'c': "çćĉċčḉ",
	'd': "ďḋḍḏḑḓ",
	'e': "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
	'f': "ḟ",
	'g': "ĝğġģǧǵḡ",
	'h': "ĥȟḣḥḧḩḫẖ",
	'i': "ìíîïĩīĭįǐȉȋḭḯỉị",
	'j': "ĵǰ",
	'k': "ķǩḱḳḵ",
	'l': "ĺļľḷḹḻḽ",
	'm': "ḿṁṃ",
	'n': "ñńņňǹṅṇṉṋ",
	'o': "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
	'p': "ṕṗ",
	'r': "ŕŗřȑȓṙṛṝṟ",
	's': "śŝşšșṡṣṥṧṩ",
	't': "ţťțṫṭṯṱẗ",
	'u': "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
	'v': "ṽṿ",
	'w': "ŵẁẃẅẇẉẘ",
	'x': "ẋẍ",
	'y': "ýÿŷȳẏẙỳỵỷỹ",
	'z': "źżžẑẓẕ",
	'æ': "ǣǽ",
	'ø': "ǿ",
	'α': "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ",
	'ε': "έἐἑἒἓἔἕὲέ",
	'η': "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
	'ι': "ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ",
	'ο': "όὀὁὂὃὄὅὸό",
	'ρ': "ῤῥ",
	'υ': "ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ",
	'ω': "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ",
	'а': "ӑӓ",
	'г': "ѓ",
	'е': "ѐёӗ",
	'ж': "ӂӝ",
	'з': "ӟ",
	'и': "йѝӣӥ",
	'к': "ќ",
	'о': "ӧ",
	'у': "ўӯӱӳ",
	'ч': "ӵ",
	'ы': "ӹ",
	'э': "ӭ",
	'і': "ї",
	'ѵ': "ѷ",
	'ә': "ӛ",
	'ө': "ӫ",
	'ا': "آأإ",
	'و': "ؤ",
	'ي': "ئ",
	'ہ': "ۂ",
	'ے': "ۓ",
	'ە': "ۀ",
}

// spelled are letters that people type as others.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'ǣ': "ae", 'ǽ': "ae", 'œ': "oe", 'ø': "o", 'ǿ': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
	'ħ': "h", 'ı': "i", 'ŋ': "n", 'ŧ': "t", 'ſ': "s", 'ĳ': "ij", 'ə': "e", 'ς': "σ", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬀ': "ff",
	'ة': "ه", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ٱ': "ا",
}

var folded = func() map[rune]string {
	m := map[rune]string{}
	for plain, accented := range folds {
		for _, r := range accented {
			m[r] = string(plain)
		}
	}
	for r, s := range spelled {
		m[r] = s
	}
	return m
}()

// appendFold appends r as people type it who know no accents: ä as a, İ as i,
// ß as ss. Marks of their own (U+0308, Arabic and Hebrew vowels) are left out.
func appendFold(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	r = unicode.ToLower(r)
	if s, ok := folded[r]; ok {
		return append(b, s...)
	}
	if isVowelMark(r) {
		return b
	}
	return utf8.AppendRune(b, r)
}

// isVowelMark reports combining accents, Hebrew points, Arabic vowels and the
// line that stretches Arabic words, which people leave out when they search.
func isVowelMark(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x591 && r <= 0x5c7 && r != 0x5be || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640
}

// appendWords appends the words of s, folded, each with a space before it: what
// is no letter and no digit parts them.
func appendWords(b []byte, s string) []byte {
	parted := true
	for _, r := range s {
		if isVowelMark(r) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			parted = true
			continue
		}
		if parted {
			b, parted = append(b, ' '), false
		}
		b = appendFold(b, r)
	}
	return b
}

// words is what is searched: the name, then the addresses, then the rest.
type words struct {
	text  string // " anna muller anna example com acme", each word with a space before it
	reach int    // where the addresses begin
}

func newWords(name string, addresses []string, rest string) words {
	b := make([]byte, 0, 64)
	b = appendWords(b, name)
	w := words{reach: len(b)}
	for _, a := range addresses {
		b = appendWords(b, a)
		if isNumber(userPart(a)) {
			b = append(b, ' ')
			b = append(b, digits(userPart(a))...)
		}
	}
	b = appendWords(b, rest)
	w.text = string(b)
	return w
}

// Ranks of a match, the best first.
const (
	rankPrefix = iota // the name or the address begins so
	rankWord          // words in it begin so
	rankDigits        // the number has these digits
)

// matcher looks for what a person types.
type matcher struct {
	all    bool     // nothing was typed
	words  []string // each with a space before it; anna@ex is one, in two parts
	joined string   // of all words
	digits string   // of a number, without the 0 or 00 before it; "" if it is none
}

const (
	maxTyped     = 256 // bytes of a search
	fewestDigits = 3   // that are looked for within a number
)

func newMatcher(typed string) matcher {
	typed = strings.TrimSpace(clip(typed, maxTyped))
	if typed == "" {
		return matcher{all: true}
	}
	m := matcher{joined: string(appendWords(nil, bare(typed)))}
	for _, w := range strings.Fields(bare(typed)) {
		if folded := string(appendWords(nil, w)); folded != "" {
			m.words = append(m.words, folded)
		}
	}
	if isNumber(typed) {
		if d := strings.TrimLeft(digits(typed), "+0"); len(d) >= fewestDigits {
			m.digits = d
		}
	}
	return m
}

// rank says how well w fits, and whether it does.
func (m *matcher) rank(w words) (int, bool) {
	switch {
	case m.all:
		return rankPrefix, true
	case len(m.words) == 0:
		return 0, false
	case strings.HasPrefix(w.text, m.joined), strings.HasPrefix(w.text[w.reach:], m.joined):
		return rankPrefix, true
	}
	for _, word := range m.words {
		if !strings.Contains(w.text, word) {
			if m.digits != "" && strings.Contains(w.text, m.digits) {
				return rankDigits, true
			}
			return 0, false
		}
	}
	return rankWord, true
}

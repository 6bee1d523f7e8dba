// Package desktop is Tring's place on the desktop beside its window: calls
// that ring as notifications, so that they are seen and answered while the
// window is hidden, minimised or behind others.
//
// On Linux and the BSDs notifications go to the desktop's own service by the
// freedesktop protocol, with buttons for answering; they stand above other
// windows, never take the keyboard, and follow the desktop's own "do not
// disturb". Where there is no such service, and on other systems, Plain shows
// them without buttons.
package desktop

package main

// governanceTypes are the acts whose bodies a dossier's reader looks into.
var governanceTypes = map[string]bool{
	"space.opened": true, "space.member-admitted": true, "space.member-left": true, "space.keys-changed": true,
	"space.host-changed": true, "space.tender-recorded": true, "space.payload-erased": true, "space.erasure-confirmed": true, "space.history-granted": true, "space.closed": true,
	"drill.clock-set": true, "clock.lapsed": true, "register.founded": true, "register.rotated": true,
	"register.revoked": true, "register.recovered": true, "register.anchored": true,
}

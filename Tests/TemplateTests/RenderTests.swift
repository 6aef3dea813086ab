// SPDX-License-Identifier: Apache-2.0
// What templates make of a container as `inspect` has it; each result is what Go 1.19's text/template gives.

import JSON
import Template
import Testing

enum Sample {
    static let text = """
        {"ID":"0123456789ab","Name":"/web","Count":3,"Big":9007199254740993,"Ratio":1.5,"Minus":-7,"Zero":0,
        "Running":true,"Dead":false,"Empty":"","Nothing":null,"Args":["-c","echo <hi>"],"None":[],
        "Labels":{"b.c":"2","a":"1"},"Ports":{"80/tcp":[{"HostPort":"8080"},{"HostPort":"8081"}],"53/udp":null},
        "State":{"Status":"up","Pid":42,"Health":{"Status":"good","Log":[1,2,3]}},"Umlaut":"Größe","Quote":"a\\"b'\\n"}
        """
    static let tree: JSONTree = (try? JSONTree.decode(Array(text.utf8))) ?? .null
}

@Suite("Templates")
struct RenderTests {
    private func expect(_ template: String, _ expected: String) throws {
        #expect(try GoTemplate(template).render(Sample.tree) == expected)
    }

    @Test(
        "fields, variables, pipelines",
        arguments: [
            ("", ""), ("plain", "plain"), ("{{.ID}}", "0123456789ab"), ("{{ .Name }}!", "/web!"),
            ("{{.State.Pid}}/{{.State.Health.Status}}", "42/good"), ("{{$.State.Pid}}", "42"),
            ("{{.Big}} {{.Ratio}} {{.Minus}} {{.Running}}", "9007199254740993 1.5 -7 true"),
            ("{{.Nothing}}", "<no value>"), ("{{.Args}}", "[-c echo <hi>]"),
            ("{{.Labels}}", "map[a:1 b.c:2]"),
            ("{{.Ports}}", "map[53/udp:<nil> 80/tcp:[map[HostPort:8080] map[HostPort:8081]]]"),
            ("{{$x := .Name}}{{$x}}{{$x}}", "/web/web"), ("{{$x := 1}}{{$x = 2}}{{$x}}", "2"),
            ("{{$s := .State}}{{$s.Health.Status}}", "good"), ("{{(.State).Pid}}", "42"),
            ("{{(index .Args 0) | upper}}", "-C"),
            ("{{.Name | upper | lower | printf \"%s-%s\" \"x\"}}", "x-/web"),
            ("{{\"a\\tb\" | printf \"%q\"}}", "\"a\\tb\""), ("{{`raw\\n`}}", "raw\\n"),
            ("{{'a'}} {{'\\n'}}", "97 10"),
            (
                "{{1_000}} {{0x1F}} {{0b101}} {{0o17}} {{017}} {{-5}} {{+5}} {{1.50}} {{1e3}} {{.5}}",
                "1000 31 5 15 15 -5 5 1.5 1000 0.5"
            ),
            ("{{true}} {{false}}", "true false"), ("a{{/* note */}}b", "ab"), ("a {{- /* x */ -}} b", "ab"),
            ("a {{- .Zero -}} b", "a0b"), ("a \n{{- \"x\" }} b", "ax b"), ("{{3 -}} b", "3b"),
            ("{{ -3 }}", "-3"),
            ("{{\n.ID\n}}", "0123456789ab"), ("{{\"}}\"}}", "}}"), ("}} {", "}} {"),
            ("{{print (print 1 2) nil}}", "1 2<nil>"), ("{{.Umlaut}}", "Größe"),
        ])
    func values(template: String, expected: String) throws { try expect(template, expected) }

    @Test(
        "if, with, range",
        arguments: [
            ("{{if .Running}}y{{end}}", "y"), ("{{if .Dead}}y{{else}}n{{end}}", "n"),
            ("{{if .Dead}}a{{else if .Empty}}b{{else if .Count}}c{{else}}d{{end}}", "c"),
            ("{{if .None}}y{{end}}{{if .Zero}}y{{end}}{{if .Nothing}}y{{end}}{{if .Ratio}}r{{end}}", "r"),
            ("{{if and .Running (eq .Count 3)}}y{{end}}", "y"), ("{{if not .Dead}}y{{end}}", "y"),
            ("{{if $x := .Count}}{{$x}}{{end}}", "3"),
            ("{{with .State}}{{.Pid}}{{$.ID}}{{end}}", "420123456789ab"),
            ("{{with .Nothing}}x{{else}}{{.Count}}{{end}}", "3"),
            ("{{with $s := .State}}{{$s.Pid}}{{end}}", "42"),
            ("{{range .Args}}[{{.}}]{{end}}", "[-c][echo <hi>]"),
            ("{{range $i, $a := .Args}}{{if $i}}, {{end}}{{$i}}={{$a}}{{end}}", "0=-c, 1=echo <hi>"),
            ("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b.c=2;"),
            ("{{range .None}}x{{else}}none{{end}}", "none"),
            (
                "{{range $p, $c := .Ports}}{{$p}}->{{range $c}}{{.HostPort}} {{end}}{{end}}",
                "53/udp->80/tcp->8080 8081 "
            ),
            ("{{range .State.Health.Log}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}", "13"),
            ("{{range .State.Health.Log}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}", "1"),
            ("{{$n := 0}}{{range .State.Health.Log}}{{$n = .}}{{end}}{{$n}}", "3"),
            ("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1"),
            ("{{range $v := .Args}}{{$v}}{{end}}", "-cecho <hi>"),
        ])
    func controls(template: String, expected: String) throws { try expect(template, expected) }

    @Test(
        "functions",
        arguments: [
            ("{{and 1 0 2}} {{and 1 2}} {{or 0 \"\" 3}} {{or 0 \"\"}} {{not 1}}", "0 2 3  false"),
            ("{{or .Running .Absent}}", "true"), ("{{and .Dead .Absent}}", "false"), ("{{1 | and 0}}", "0"),
            ("{{eq .Count 1 2 3}} {{eq .Name \"x\"}} {{ne 1 2}}", "true false true"),
            (
                "{{lt 1 2}} {{le 2 2}} {{gt 1.5 1.25}} {{ge 2 3}} {{lt \"a\" \"b\"}} {{lt -3 -2}}",
                "true true true false true true"
            ),
            ("{{eq nil .Nothing}} {{eq .Nothing 1}}", "true false"),
            ("{{len .Args}} {{len .ID}} {{len .Labels}} {{len .Umlaut}}", "2 12 2 7"),
            ("{{index .Labels \"b.c\"}}", "2"), ("{{html nil .Ratio 1}}", "&lt;no value&gt;1.5 1"),
            (
                "{{(index .Ports \"80/tcp\" 1).HostPort}} {{index (index .Ports \"80/tcp\") 0}}",
                "8081 map[HostPort:8080]"
            ),
            ("{{slice .ID 0 4}} {{slice .ID 4}} {{slice .Args 1}}", "0123 456789ab [echo <hi>]"),
            ("{{print 1 2 \"a\" 3}} {{println \"a\" 1}}", "1 2a3 a 1\n"),
            ("{{html .Args}}", "[-c echo &lt;hi&gt;]"),
            ("{{js .Quote}}", "a\\\"b\\'\\u000A"), ("{{urlquery \"a b/é\"}}", "a+b%2F%C3%A9"),
            ("{{json .Args}} {{json .Nothing}}", "[\"-c\",\"echo <hi>\"] null"),
            ("{{join .Args \"+\"}}", "-c+echo <hi>"),
            ("{{split \"a,b,c\" \",\"}} {{index (split .Name \"/\") 1}}", "[a b c] web"),
            ("{{split \"aé\" \"\"}}", "[a é]"),
            ("{{lower \"AÉ\"}} {{upper \"aé\"}} {{title \"ab cd-ef_gh\"}}", "aé AÉ Ab Cd-Ef_gh"),
            ("{{pad \"x\" 2 3}}| {{pad \"\" 2 3}}|", "  x   | |"),
            ("{{truncate .ID 4}} {{truncate \"a\" 9}}", "0123 a"),
        ])
    func functions(template: String, expected: String) throws { try expect(template, expected) }

    @Test(
        "printf",
        arguments: [
            (
                "{{printf \"%s|%5s|%-5s|%.2s|%05s\" \"abc\" \"ab\" \"ab\" \"abc\" \"ab\"}}",
                "abc|   ab|ab   |ab|000ab"
            ),
            (
                "{{printf \"%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c\" 42 42 42 -42 42 255 255 8 5 65}}",
                "42|   42|42   |-0042|+42|ff|FF|10|101|A"
            ),
            (
                "{{printf \"%q %q %x % x %#x\" \"a\\n\" 'x' \"hi\" \"hi\" 255}}",
                "\"a\\n\" 'x' 6869 68 69 0xff"
            ),
            ("{{printf \"%v %v %v %t\" .Args .Labels nil true}}", "[-c echo <hi>] map[a:1 b.c:2] <nil> true"),
            ("{{printf \"%f %.2f %.0f %6.1f\" 1.5 2.671 2.5 .Ratio}}", "1.500000 2.67 2    1.5"),
            ("{{printf \"%d %s %t\" \"a\" 1 2}}", "%!d(string=a) %!s(int=1) %!t(int=2)"),
            (
                "{{printf \"%d%%\" 5}} {{printf \"%\"}} {{printf \"%d\"}} {{printf \"a\" 1 nil}}",
                "5% %!(NOVERB) %!d(MISSING) a%!(EXTRA int=1, <nil>)"
            ),
            ("{{printf \"%z\" 1}} {{printf \"%d\" true}}", "%!z(int=1) %!d(bool=true)"),
            ("{{printf \"%3d\" .State.Health.Log}}", "[  1   2   3]"),
            ("{{printf \"%.1f %.1f %.2f %.0f\" 2.67 9.96 0.001 0.9}}", "2.7 10.0 0.00 1"),
            ("{{printf \"%-8s|\" .Umlaut}}", "Größe   |"), ("{{printf \"%.3d %U\" 5 233}}", "005 U+00E9"),
        ])
    func printing(template: String, expected: String) throws { try expect(template, expected) }

    @Test(
        "where JSON says less than Go's types, or docker more than Go",
        arguments: [
            ("{{.Labels \"a\"}} {{.Labels \"zz\"}}|{{\"a\" | .Labels}}", "1 |1"),
            ("{{index .Labels \"zz\"}}|{{index .State \"zz\"}}", "|<no value>"),
            ("{{join .Nothing \"+\"}}", ""),
            ("{{json .Labels}}", "{\"b.c\":\"2\",\"a\":\"1\"}"), ("{{truncate .Umlaut 3}}", "Gr"),
            ("{{range $i, $n := 2}}{{$i}}{{$n}} {{end}}{{range -1}}x{{end}}", "00 11 "),
            ("{{len .Nothing}}", "0"),
            ("{{eq 1.0 1}} {{lt 1 1.5}} {{gt 10 9.75}}", "true true true"),
            ("{{range .Nothing}}x{{else}}none{{end}}", "none"), ("{{$ := 7}}{{$}}", "7"),
        ])
    func differences(template: String, expected: String) throws { try expect(template, expected) }
}

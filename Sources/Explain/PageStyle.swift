// SPDX-License-Identifier: Apache-2.0
// The look of the page: two lanes on a wide screen, one on a narrow one; light or dark as the reader has it.

enum PageStyle {
    static let sheet = """
        :root{--paper:#fbfaf7;--ink:#1d2129;--soft:#5b6472;--line:#d9d6cd;--card:#fff;--host:#b4541a;\
        --child:#1f6f78;--code:#f1efe8;--new:#1f6f78;--joined:#7a4fa3;--shared:#9aa0a8}
        @media(prefers-color-scheme:dark){:root{--paper:#14171c;--ink:#e4e6ea;--soft:#9aa3b1;--line:#2c323c;\
        --card:#1b1f26;--host:#f0a06a;--child:#6cc4cd;--code:#232830;--new:#6cc4cd;--joined:#c7a4ee;--shared:#6d7580}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        header,main{max-width:1120px;margin:0 auto;padding:0 24px}
        header{padding-top:40px}
        .brand{margin:0;color:var(--host);font-weight:600;letter-spacing:.06em;text-transform:uppercase;font-size:13px}
        h1{margin:6px 0 8px;font-size:24px;line-height:1.3;overflow-wrap:anywhere}
        header p:last-child{color:var(--soft);margin:0}
        h2{margin:44px 0 16px;font-size:20px;border-bottom:1px solid var(--line);padding-bottom:6px}
        code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
        .tree{width:100%;max-width:880px;height:auto;display:block}
        .tree text{font:14px ui-monospace,Menlo,Consolas,monospace;fill:var(--ink)}
        .tree .note{font:14px system-ui,sans-serif;fill:var(--soft)}
        .tree rect{fill:var(--card);stroke-width:2;stroke:var(--line)}
        .tree .root rect{stroke:var(--ink)}
        .tree .branch{fill:none;stroke-width:2}
        .new rect,.branch.new{stroke:var(--new)}
        .joined rect,.branch.joined{stroke:var(--joined)}
        .shared rect,.branch.shared{stroke:var(--shared);stroke-dasharray:4 4}
        .places,.places ul{list-style:none;margin:0;padding:0}
        .places ul{margin-left:10px;padding-left:18px;border-left:2px solid var(--line)}
        .places li{padding:2px 0}
        .places li li{position:relative}
        .places li li::before{content:"";position:absolute;left:-18px;top:15px;width:12px;border-top:2px solid var(--line)}
        .tag{display:inline-block;background:var(--code);color:var(--soft);border-radius:10px;padding:0 8px;font-size:12px;\
        line-height:20px;overflow-wrap:anywhere}
        .timeline{display:grid;grid-template-columns:1fr 1fr;gap:12px 48px;\
        background:linear-gradient(var(--line),var(--line)) 50% 0/2px 100% no-repeat}
        .lane{font-weight:600;padding:4px 0;background:var(--paper)}
        .lane.host,article.host .number{color:var(--host)}
        .lane.child,article.child .number{color:var(--child)}
        article{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--host);border-radius:8px;\
        padding:10px 14px;grid-column:1;min-width:0}
        article.child{border-left-color:var(--child);grid-column:2}
        article h3{margin:0;font-size:15px;font-weight:600;overflow-wrap:anywhere}
        .number{font-variant-numeric:tabular-nums;margin-right:4px}
        article pre{margin:6px 0;padding:6px 8px;background:var(--code);border-radius:6px;white-space:pre-wrap;\
        overflow-wrap:anywhere;font-size:13px;line-height:1.4}
        article p{margin:4px 0 0;font-size:14px}
        article .source{color:var(--soft);font-size:12px;overflow-wrap:anywhere}
        .lesson{display:inline-block;margin-left:6px}
        .crossing{grid-column:1/-1;justify-self:center;text-align:center;color:var(--soft);font-size:13px;background:var(--paper);\
        padding:2px 10px}
        .crossing svg{display:block;width:240px;height:24px;margin:0 auto;fill:var(--soft)}
        .crossing .line{stroke:var(--soft);stroke-width:2;fill:none}
        @media(max-width:760px){.timeline{display:block;background:none}article,.crossing{margin:10px 0}article.child{margin-left:24px}}
        @media print{article{break-inside:avoid}}
        """
}

"""Pages with every liberty that authors and servers take with tables; all our own."""

from __future__ import annotations

ROW = "<tr><td>（一）收到申请数</td><td>件</td><td>154</td></tr>"
PAGES: dict[str, str] = {
    "plain": f"<table>{ROW}{ROW}</table>",
    "no end tags": "<table><tr><td>一<td>件<td>154<tr><td>二<td>条<td>9</table>",
    "cells without rows": "<table><td>一<td>件<td>154</table>",
    "form between": f"<table><form>{ROW}</form>{ROW}</table>",
    "div between": f"<table><div>{ROW}</div>{ROW}</table>",
    "text between": f"<table>散字{ROW}<b>粗</b>{ROW}</table>",
    "td in td": "<table><tr><td>一<td>二<tr><td>三</td></td></td><td>四</table>",
    "stray ends": f"</td></tr><table></div>{ROW}</tr></tbody>{ROW}</table></table>",
    "two thead": (
        "<table><tbody><tr><td>1<td>2</tbody><thead><tr><td>甲<td>乙</thead>"
        "<thead><tr><td>丙<td>丁</thead></table>"
    ),
    "tfoot first": (
        "<table><tfoot><tr><td>尾<td>9</tfoot><tbody><tr><td>身<td>1</tbody>"
        "<tfoot><tr><td>再<td>8</tfoot><tbody><tr><td>又<td>2</tbody></table>"
    ),
    "rowspan zero": "<table><tr><td rowspan=0>甲<td>1<tr><td>2<tr><td>3</table>",
    "rowspan zero in a group": (
        "<table><tbody><tr><td rowspan=0>甲<td>1<tr><td>2</tbody>"
        "<tbody><tr><td>乙<td>3</tbody></table>"
    ),
    "rowspan past the group": (
        "<table><tbody><tr><td rowspan=9>甲<td>1</tbody><tbody><tr><td>乙<td>2</tbody></table>"
    ),
    "rowspan past the table": "<table><tr><td rowspan=99999>甲<td>1<tr><td>2</table>",
    "colspan huge": "<table><tr><td colspan=1000000>甲<tr><td>1<td>2</table>",
    "colspan zero": "<table><tr><td colspan=0>甲<td>乙<tr><td>1<td>2</table>",
    "colspan junk": (
        "<table><tr><td colspan='2.5'>甲<td>乙<tr><td>1<td>2<td>3<tr>"
        "<td colspan='3em'>丙<tr><td colspan='-2'>丁<td>5<tr><td colspan='“2”'>戊<td>6"
        "<tr><td colspan=' 2'>己<td>7<tr><td colspan='+2'>庚<td>8</table>"
    ),
    "overlap": "<table><tr><td>甲<td rowspan=2>乙<td>丙<tr><td colspan=2>丁<td>戊</table>",
    "ragged": "<table><tr><td>1<tr><td>2<td>3<td>4<tr><td>5<td>6</table>",
    "empty rows": "<table><tr><tr><td>1<td>2<tr></tr><tr><td>3<td>4</table>",
    "hidden row": "<table><tr style='display:none'><td>x<td>y<tr><td>1<td>2</table>",
    "hidden row under a span": (
        "<table><tr><td rowspan=3>甲<td>1<tr hidden><td>2<tr><td>3<tr><td>4<td>5</table>"
    ),
    "hidden cell": "<table><tr><td>1<td style='DISPLAY: none'>x<td>2<tr><td>3<td>4</table>",
    "hidden by class": (
        "<style>.no{display:none} td.gone{display:none!important}</style>"
        "<table><tr><td>1<td class=no>x<td>2<tr class='a no'><td>9<td>9"
        "<tr><td>3<td class=gone style='display:block'>y<td>4</table>"
    ),
    "shown again": (
        "<style>.no{display:none} #a .no{display:block} @media print{td{display:none}}</style>"
        "<table id=a><tr><td><p class=no>1</p><td>2<tr><td>3<td>4</table>"
    ),
    "invisible keeps its slot": (
        "<table><tr><td>1<td style='visibility:hidden'>x<b style='visibility:visible'>2</b><td>3"
        "<tr><td>4<td>5<td>6</table>"
    ),
    "hidden attribute overruled": (
        "<style>[x]{} b{display:inline}</style><table><tr><td>1<b hidden>2</b><td>3"
        "<tr><td>4<td>5</table>"
    ),
    "aria-hidden is shown": "<table><tr><td aria-hidden=true>1<td>2<tr><td>3<td>4</table>",
    "white is shown": "<table><tr><td style='color:#fff'>1<td>2<tr><td>3<td>4</table>",
    "split runs": (
        "<table><tr><td><span>201</span><span>5年度</span><td><b>1</b><i>5</i>4"
        "<tr><td>二<td>3</table>"
    ),
    "blocks are lines": (
        "<table><tr><td><p>14</p><p>9</p><td>1<br>2<tr><td>二"
        "<td><span style='display:block'>3</span>4</table>"
    ),
    "blocks made inline": (
        "<table><tr><td><div style='display:inline'>20</div><div style='display:inline'>15</div>"
        "<td>1<tr><td>二<td>3</table>"
    ),
    "white space": (
        "<table><tr><td>\n  一 \t 二\n<td>&nbsp;15&nbsp;&nbsp;<tr><td>三<td>&#12288;4</table>"
    ),
    "references": "<table><tr><td>&lt;&amp;&gt;&quot;<td>&#151;&mdash<tr><td>a&nbspb<td>4</table>",
    "pre in a cell": "<table><tr><td><pre>14\n9</pre><td>1<tr><td>二<td>3</table>",
    "comment and script": (
        "<table><tr><td>1<!-- <td>9 --><script>'<td>8'</script><td>2<tr><td>3<td>4</table>"
    ),
    "select in a table": (
        "<table><tr><td><select><option>甲<option selected>乙</select><td>2<tr><td>3<td>4</table>"
    ),
    "upper case": "<TABLE><TR><TD ROWSPAN=2>甲<TD>1<TR><TD>2</TABLE>",
    "word": (
        "<table class=MsoNormalTable><tr style='mso-yfti-irow:0'><td><p class=MsoNormal>"
        "<span style='font-family:仿宋_GB2312'>（一）<o:p></o:p></span></p></td>"
        "<td><p class=MsoNormal><span lang=EN-US>15<o:p>&nbsp;</o:p></span></p></td></tr>"
        "<tr><td>二<td>3</table>"
    ),
    "layout around": (
        f"<table><tr><td>导航<td><p>正文</p><table>{ROW}{ROW}</table></table>"
    ),
    "a table in every cell": (
        "<table><tr><td><table><tr><td>甲</table><td><table><tr><td>154</table>"
        "<tr><td>乙<td>9</table>"
    ),
    "caption": f"<table><caption>统计<br>表</caption>{ROW}{ROW}</table>",
    "unclosed formatting": "<table><tr><td><b>1<td>2<tr><td>3<td><font color=red>4</table>",
    "nobr and big": "<table><tr><td><nobr>1</nobr><big>2</big><td>3<tr><td>4<td>5</table>",
    "superscript": "<table><tr><td>1<sup>①</sup><td>2<tr><td>3<td>4<sub>a</sub></table>",
}  # fmt: skip

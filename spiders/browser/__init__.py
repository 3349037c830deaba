"""Lists that exist only once a script has run: read by a browser without a network of its own.

scrapy-playwright (the extra `browser`) runs it. Whatever a page asks for comes through the crawl's
own downloader: at the pace of its host, under its robots.txt, inside the portal's hosts, counted,
and archived as received. A cookie that a script computes is never sent, so that no challenge is
solved by chance.
"""

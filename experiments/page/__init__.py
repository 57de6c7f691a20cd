"""The town in a page: the compiled week as WebAssembly, in one HTML file that needs no server and no network.

__main__.py      the command: python -m experiments.page
document.py      the file put together: sources joined, data packed, what it may do
image.py         a town at week 0 as an image of the module's memory, and the arguments of the week
module.py        the module that ships, found by model version, or refused
build.py         builds it: python -m experiments.page.build
runtime.c        what the week needs of numba's runtime
web/             the page itself: markup, style, and one script a subject
module/          the module of this model version
"""

"""The site: docs/ and what is made from the code, as pages that are read from a folder with the network off.

    make site       builds results/site with MkDocs; open results/site/index.html

mkdocs.yml has the order of the pages. A page whose name ends in .zh.md is Chinese, any other English.
"""

"""check_poms.py REPOSITORY: whether each POM there, with its parents, has what Maven Central asks for."""
import pathlib
import sys
import xml.etree.ElementTree

NAMESPACE = {"m": "http://maven.apache.org/POM/4.0.0"}
WANTED = ["name", "description", "url", "licenses/license/url", "developers/developer/name", "scm/url", "scm/connection"]
OWN = ["name", "description"]  # which a parent's would be wrong for


def texts(pom, path):
    found = pom.findtext("m:" + path.replace("/", "/m:"), namespaces=NAMESPACE)
    return found or ""


def main():
    poms = {path: xml.etree.ElementTree.parse(path).getroot() for path in pathlib.Path(sys.argv[1]).rglob("*.pom")}
    by_name = {texts(pom, "artifactId"): pom for pom in poms.values()}
    bad = [] if len(poms) == 9 else [f"{len(poms)} POMs instead of 9"]
    for pom in poms.values():
        parent = by_name.get(texts(pom, "parent/artifactId"))
        for path in WANTED:
            inherited = texts(parent, path) if parent is not None and path not in OWN else ""
            if not (texts(pom, path) or inherited):
                bad.append(f"{texts(pom, 'artifactId')} has no {path}")
        if "${revision}" in xml.etree.ElementTree.tostring(pom, encoding="unicode"):
            bad.append(f"{texts(pom, 'artifactId')} has no version of its own")
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

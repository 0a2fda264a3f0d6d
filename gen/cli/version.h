/* version.h - the version of this program, as in CHANGELOG.md. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#define ZONELOOM_VERSION "0.2.0"
#define ZONELOOM_DATE	 "November 23, 2026" /* of the manual pages */

#endif

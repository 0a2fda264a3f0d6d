/*
 * pipeline.h - the program without its face: the order of the stages.
 *
 *	session_open()	a snapshot and its configuration	session.h
 *	derive()	records = derive(snapshot, configuration)
 *	outputs_make()	outputs = render(records, previous outputs)
 *
 * Nothing here prints, ends the program, or looks up a flag of the command
 * line: a struct session says what was asked for.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/commit_message.h"
#include "pipeline/confine.h"
#include "pipeline/derive.h"
#include "pipeline/foreign.h"
#include "pipeline/gate.h"
#include "pipeline/outputs.h"
#include "pipeline/scan.h"
#include "pipeline/search.h"
#include "pipeline/session.h"

#endif

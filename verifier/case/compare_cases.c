/* compare_cases.c - two cases compared, step by step. */
#include "verifier/case/compare_private.h"

#include <string.h>

/* Two records of the same octets, or of others when "causes" says so. */
static bool
compare_pair(struct comparison *comparison, const struct place *a,
    const struct place *b, cause_set causes, GError **error)
{
	json_t *one, *two = NULL;
	bool good = compare_get_record(&comparison->a, a, &one, error) &&
	    compare_get_record(&comparison->b, b, &two, error);
	cause_set found = 0;

	if (good) {
		enum verdict here = compare_verdict_of(one),
			     there = compare_verdict_of(two);
		bool differ = causes != 0 ||
		    cause_of_records(&comparison->contrast, one, two, &found);

		if (!differ) {
			comparison->alike++;
		} else {
			if (here != there) {
				comparison->differ_verdict++;
				comparison->verdicts[here][there]++;
			} else {
				comparison->differ_rest++;
			}
			good = compare_keep(comparison, a, b, causes | found,
			    here != there, error);
		}
	}
	json_decref(one);
	json_decref(two);
	return good;
}

static bool
keep_single(struct comparison *comparison, int side, const struct place *place,
    cause_set causes, GError **error)
{
	json_t *record;

	if (!compare_get_record(side == 0 ? &comparison->a : &comparison->b,
		place, &record, error))
		return false;
	comparison->only[side]++;
	comparison
	    ->verdicts[side == 0 ? compare_verdict_of(record) : COMPARE_ABSENT]
		      [side == 1 ? compare_verdict_of(record)
				 : COMPARE_ABSENT]++;
	json_decref(record);
	return compare_keep(comparison, side == 0 ? place : NULL,
	    side == 1 ? place : NULL, causes, true, error);
}

/* A step of the comparison: what is left goes on to the next. */
struct step {
	struct comparison *comparison;
	struct sorter *in[2], *out[2];
	struct sorter *paths[2]; /* of the files that a run read, or met */
	int side;                /* for look-ups */
};

static void
begin_step(struct step *step)
{
	for (int i = 0; i < 2; i++) {
		sorter_free(step->in[i]);
		step->in[i] = step->out[i];
		step->out[i] = sorter_new(COMPARE_MEMORY);
	}
}

static void
end_steps(struct step *step)
{
	for (int i = 0; i < 2; i++) {
		sorter_free(step->in[i]);
		sorter_free(step->out[i]);
		sorter_free(step->paths[i]);
	}
}

/* Step 1: by the identity and what is said of it, so that copies of a message
 * that were read otherwise are not compared with each other while each has its
 * own on the other side. */
static bool
add_record(void *user, struct place *place, const struct record_view *view,
    GError **error)
{
	struct step *step = user;

	if (!digest_from_hex(view->sha256, place->identity))
		memcpy(
		    place->identity, place->location, sizeof(place->identity));
	compare_content(
	    step->comparison->crypto, view->json, place->identity, place->key);
	return place_add(step->out[step->side], place, error);
}

/* A mark that a message with this identity was paired: it has the number 0, so
 * that it comes first, and there are as many on the other side. */
static bool
add_mark(struct step *step, const struct place *place, GError **error)
{
	struct place mark = { .seq = 0 };

	return place_add_as(step->out[0], &mark, place->identity, error) &&
	    place_add_as(step->out[1], &mark, place->identity, error);
}

static bool
pair_equal(
    void *user, const struct place *a, const struct place *b, GError **error)
{
	struct step *step = user;

	(void)b;
	step->comparison->alike++;
	return add_mark(step, a, error);
}

static bool
left_by_identity(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct step *step = user;
	struct place left = *place;

	(void)other;
	left.copy = 0; /* asked again by the identity alone */
	return place_add_as(step->out[side], &left, place->identity, error);
}

/* What could not be read is in no list of inputs. */
static bool
add_record_and_path(void *user, struct place *place,
    const struct record_view *view, GError **error)
{
	struct step *step = user;

	if (view->verdict == VERDICT_UNREADABLE &&
	    !place_add_as(step->paths[step->side], place, place->path, error))
		return false;
	return add_record(user, place, view, error);
}

/* Step 2: by the identity; what is no message, by where it lies. */
static bool
pair_same(
    void *user, const struct place *a, const struct place *b, GError **error)
{
	struct step *step = user;

	return a->seq == 0 || compare_pair(step->comparison, a, b, 0, error);
}

static bool
left_by_path(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct step *step = user;

	(void)other;
	return place_add_as(step->out[side], place, place->path, error);
}

/* Step 3: each learns the SHA-256 of its file, from its own run. */
static bool
learn_file(
    void *user, struct place *place, const struct place *found, GError **error)
{
	struct step *step = user;

	if (found != NULL)
		memcpy(place->file, found->file, sizeof(place->file));
	return place_add_as(
	    step->out[step->side], place, place->location, error);
}

/* Steps 4 and 5: the same place, or the same Message-ID, and other octets. */
static bool
pair_other(
    void *user, const struct place *a, const struct place *b, GError **error)
{
	struct step *step = user;
	const struct contrast *contrast = &step->comparison->contrast;
	bool same_file = place_knows(a->file) &&
	    memcmp(a->file, b->file, sizeof(a->file)) == 0;
	cause_set causes =
	    CAUSE_BIT(same_file ? CAUSE_OTHER_READING : CAUSE_OTHER_BYTES);

	if (same_file && !contrast->limits)
		causes |= CAUSE_BIT(
		    contrast->program ? CAUSE_PROGRAM : CAUSE_UNEXPLAINED);
	return compare_pair(step->comparison, a, b, causes, error);
}

static bool
left_by_name(void *user, int side, const struct place *place,
    const struct place *other, GError **error)
{
	struct step *step = user;

	(void)other;
	/* Without a Message-ID the location stays: no other has it. */
	return place_add_as(step->out[side], place,
	    place_knows(place->name) && !place->copy ? place->name
						     : place->location,
	    error);
}

/* Step 6: does the other run have the file, under the same path? */
static bool
look_for_path(
    void *user, struct place *place, const struct place *found, GError **error)
{
	struct step *step = user;
	const struct contrast *contrast = &step->comparison->contrast;
	cause_set causes;

	if (found == NULL)
		return place_add_as(
		    step->out[step->side], place, place->file, error);
	if (place_knows(place->file) && place_knows(found->file) &&
	    memcmp(found->file, place->file, sizeof(place->file)) != 0)
		causes = CAUSE_BIT(CAUSE_OTHER_BYTES);
	else
		causes = CAUSE_BIT(CAUSE_OTHER_READING) |
		    (contrast->limits
			    ? 0
			    : CAUSE_BIT(contrast->program ? CAUSE_PROGRAM
							  : CAUSE_UNEXPLAINED));
	return keep_single(step->comparison, step->side, place, causes, error);
}

/* Step 7: or under another one? */
static bool
look_for_file(
    void *user, struct place *place, const struct place *found, GError **error)
{
	struct step *step = user;
	enum cause cause = place->copy                  ? CAUSE_COPY
	    : found != NULL && place_knows(place->file) ? CAUSE_OTHER_READING
							: CAUSE_ONLY;

	return keep_single(
	    step->comparison, step->side, place, CAUSE_BIT(cause), error);
}

static bool
join_step(struct step *step,
    bool (*pair)(void *user, const struct place *a, const struct place *b,
	GError **error),
    bool (*left)(void *user, int side, const struct place *place,
	const struct place *other, GError **error),
    GError **error)
{
	const struct join join = {
		.sides = { step->in[0], step->in[1] },
		.pair = pair,
		.left = left,
		.user = step,
	};

	return join_run(&join, error);
}

/* Look one side up in the files of a run, which "files" takes. */
static bool
look_up(struct step *step, int side, struct compared_run *run,
    struct sorter *by_path, struct sorter *by_file,
    bool (*each)(void *user, struct place *place, const struct place *found,
	GError **error),
    GError **error)
{
	step->side = side;
	return compared_run_files(run, by_path, by_file, error) &&
	    join_look_up(step->in[side], by_path != NULL ? by_path : by_file,
		each, step, error);
}

static bool
learn_files(struct step *step, GError **error)
{
	struct comparison *comparison = step->comparison;
	bool good = true;

	for (int i = 0; good && i < 2; i++) {
		struct sorter *files = sorter_new(COMPARE_MEMORY);

		good =
		    look_up(step, i, i == 0 ? &comparison->a : &comparison->b,
			files, NULL, learn_file, error);
		sorter_free(files);
	}
	return good;
}

static bool
look_for_paths(struct step *step, GError **error)
{
	struct comparison *comparison = step->comparison;

	return look_up(step, 0, &comparison->b, step->paths[1], NULL,
		   look_for_path, error) &&
	    look_up(step, 1, &comparison->a, step->paths[0], NULL,
		look_for_path, error);
}

static bool
look_for_files(struct step *step, GError **error)
{
	struct comparison *comparison = step->comparison;
	bool good = true;

	for (int i = 0; good && i < 2; i++) {
		struct sorter *files = sorter_new(COMPARE_MEMORY);

		good =
		    look_up(step, i, i == 0 ? &comparison->b : &comparison->a,
			NULL, files, look_for_file, error);
		sorter_free(files);
	}
	return good;
}

static bool
read_both(struct step *step, GError **error)
{
	struct comparison *comparison = step->comparison;

	step->side = 0;
	if (!compared_run_read(
		&comparison->a, add_record_and_path, step, error))
		return false;
	step->side = 1;
	if (!compared_run_read(
		&comparison->b, add_record_and_path, step, error))
		return false;
	compared_runs_contrast(
	    &comparison->a, &comparison->b, &comparison->contrast);
	return true;
}

bool
compare_cases(struct comparison *comparison, GError **error)
{
	struct step step = { .comparison = comparison };
	bool good;

	step.paths[0] = sorter_new(COMPARE_MEMORY);
	step.paths[1] = sorter_new(COMPARE_MEMORY);
	begin_step(&step);
	good = read_both(&step, error);
	begin_step(&step);
	good = good && join_step(&step, pair_equal, left_by_identity, error);
	begin_step(&step);
	good = good && join_step(&step, pair_same, left_by_path, error);
	begin_step(&step);
	good = good && learn_files(&step, error);
	begin_step(&step);
	good = good && join_step(&step, pair_other, left_by_name, error);
	begin_step(&step);
	good = good && join_step(&step, pair_other, left_by_path, error);
	begin_step(&step);
	good = good && look_for_paths(&step, error);
	begin_step(&step);
	good = good && look_for_files(&step, error);
	end_steps(&step);
	return good;
}

/* Values in Python's notation: where they end, and when more input could complete them. */
#include "logparse/python.h"
#include "unit/unit.h"

/* What log_python_to_json gives for a text; `json` gets the JSON, `stop` the number of bytes of the value. */
static enum log_python value_of(const char *text, struct text *json, size_t *stop) {
    const char *end = NULL;
    text_clear(json);
    enum log_python value = log_python_to_json(text, text + strlen(text), json, &end);
    *stop = end ? (size_t)(end - text) : 0;
    return value;
}

int main(void) {
    struct text json = TEXT_INIT;
    size_t stop;
    TEST("a whole value becomes JSON, and its end is known") {
        CHECK(value_of("{'a': 'b', 'n': None}\nnext", &json, &stop) == PYTHON_WHOLE && stop == 21);
        CHECK(strcmp(text_string(&json), "{\"a\":\"b\",\"n\":null}") == 0);
    }
    TEST("a value that more input could complete is open") {
        static const char *const texts[] = {"{'a': 'b",  "{'a': 'b'",   "{'a': 'b',\n",
                                            "{'a': '\\", "{'a': '\\x4", "{'a': f(1"};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            CHECK(value_of(texts[i], &json, &stop) == PYTHON_OPEN && !stop);
    }
    TEST("a string with a line break, as in a line that was cut, is not a value, whatever follows") {
        CHECK(value_of("{'a': 'b\n", &json, &stop) == PYTHON_NONE && !stop);
        CHECK(value_of("{'a': 1,\nVersion: $LATEST\n", &json, &stop) == PYTHON_NONE);
    }
    text_release(&json);
    return unit_end();
}

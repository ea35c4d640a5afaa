# shellcheck shell=sh
# What can stand at a place of a command line: one question of the shells' completions, one answer for all of them.
#
#     words.sh BIN options PROGRAM           OPTION <tab> ARGUMENT <tab> DESCRIPTION, a line each; ARGUMENT is empty without one
#     words.sh BIN arguments PROGRAM OPTION  words a line each; "<files>" and "<directories>" where these can stand too.
#                                            OPTION is empty for what stands without one
#
# BIN is the folder of the programs. The options are those of --help, so that the two cannot differ.
set -eu

bin=$1

options() {
    "$bin/$1" --help 2>/dev/null | awk '
        !/^ +--/ { next }
        {
            sub(/^ +/, "")
            sub(/,$/, "")
            gap = match($0, /   *[^ ]/)
            left = gap ? substr($0, 1, gap - 1) : $0
            text = gap ? substr($0, gap) : ""
            sub(/^ +/, "", text)
            count = split(left, parts, /, /)
            for (i = 1; i <= count; i++) {
                space = index(parts[i], " ")
                option = space ? substr(parts[i], 1, space - 1) : parts[i]
                argument = space ? substr(parts[i], space + 1) : ""
                # An argument that may be left out stands behind "=" only.
                sub(/\[=.*/, "", option)
                # Of several in one line, as "--region, --profile", the help says nothing more.
                if (option ~ /^--(region|profile|endpoint-url)$/)
                    argument = toupper(substr(option, 3))
                if (argument ~ /^--/)
                    argument = ""
                if (!seen[option]++)
                    printf "%s\t%s\t%s\n", option, argument, text
            }
        }'
}

profiles() {
    for file in "${AWS_CONFIG_FILE:-${HOME:-}/.aws/config}" "${AWS_SHARED_CREDENTIALS_FILE:-${HOME:-}/.aws/credentials}"; do
        [ ! -f "$file" ] || sed -n 's/^\[ *\(.*[^ ]\) *\].*/\1/p' "$file" |
            sed -n '/^sso-session /d; /^services /d; s/^profile  *//; s/^"\(.*\)"$/\1/; p'
    done | sort -u
}

regions() {
    for file in "$bin/../share/prices.json" "$bin/../share/power-tune/prices.json"; do
        [ ! -f "$file" ] || jq -r '.regions | keys[]' "$file"
    done
}

# The run directories, and those only that are not finished.
runs() {
    "$bin/power-tune" --runs 2>/dev/null | cut -f 1
}
unfinished() {
    "$bin/power-tune" --runs 2>/dev/null | sed -n 's/\t.*\tnot finished$//p'
}

# By the name of the option where that says more than the help does, else by what the help calls its argument.
arguments() {
    argument=$(options "$1" | awk -F '\t' -v option="$2" '$1 == option { print $2 }')
    case $2 in
    --strategy) printf '%s\n' cost speed balanced ;;
    --architecture) printf '%s\n' x86_64 arm64 ;;
    --format) printf '%s\n' ndjson table csv tsv markdown ;;
    --cpu) printf '%s\n' auto cgroup duty none ;;
    --runtime) printf '%s\n' nodejs python ;;
    --power-values) echo ALL ;;
    --region) regions ;;
    --profile) profiles ;;
    --recover | --resume) unfinished && echo '<directories>' ;;
    '')
        case $1 in pt-gate | pt-report) runs ;; esac
        echo '<files>'
        ;;
    *)
        case $argument in
        *DIR*) echo '<directories>' ;;
        *FILE*) echo '<files>' ;;
        *[a-z]'|'[a-z]*) printf '%s\n' "$argument" | tr '|' '\n' ;;
        esac
        ;;
    esac
}

shift
"$@"

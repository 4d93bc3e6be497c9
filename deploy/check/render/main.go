// Renders a Helm chart with the engine and the functions that Helm is made of (text/template and sprig), for machines
// without Helm. Reads {"templates": {name: text}, "context": {...}} from standard input and writes {name: rendered}.
// Runs with Debian's golang-go and golang-github-masterminds-sprig-dev:
//   GO111MODULE=off GOPATH=/usr/share/gocode go run deploy/check/render
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type input struct {
	Templates map[string]string      `json:"templates"`
	Context   map[string]interface{} `json:"context"`
}

func main() {
	var given input
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		fail(err)
	}
	set := template.New("chart").Option("missingkey=error")
	set.Funcs(sprig.TxtFuncMap()).Funcs(helmFunctions(set))
	for name, text := range given.Templates {
		if _, err := set.New(name).Parse(text); err != nil {
			fail(err)
		}
	}
	rendered := map[string]string{}
	for name := range given.Templates {
		if strings.HasSuffix(name, ".tpl") {
			continue
		}
		var out bytes.Buffer
		if err := set.ExecuteTemplate(&out, name, given.Context); err != nil {
			fail(err)
		}
		rendered[name] = out.String()
	}
	if err := json.NewEncoder(os.Stdout).Encode(rendered); err != nil {
		fail(err)
	}
}

// What Helm adds to sprig, as far as our chart uses it.
func helmFunctions(set *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			var out bytes.Buffer
			err := set.ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
		"required": func(message string, value interface{}) (interface{}, error) {
			if value == nil || value == "" {
				return nil, errors.New(message)
			}
			return value, nil
		},
		"toYaml": func(value interface{}) (string, error) {
			text, err := yaml.Marshal(value)
			return strings.TrimSuffix(string(text), "\n"), err
		},
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

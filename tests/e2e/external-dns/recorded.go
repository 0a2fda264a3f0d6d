// Cases of tests/parity, asked again.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// recordedAll asks for every case below the folders; of an answer that is random
// the recorded one must be possible.
func recordedAll(folders []string) error {
	work, answers := sync.WaitGroup{}, sync.Mutex{}
	places, asked, differ := make(chan bool, atOnce), 0, 0
	for _, folder := range folders {
		cases, err := filepath.Glob(filepath.Join(folder, "*", "*", "input.yaml"))
		if err != nil {
			return err
		}
		for _, path := range cases {
			q, want, err := readCase(filepath.Dir(path))
			if err != nil {
				return err
			}
			if needsCluster(q) {
				continue
			}
			asked++
			places <- true
			work.Go(func() {
				looks := compareRecorded(want, ask(q))
				for i := 0; i < askedAgain && looks != ""; i++ {
					looks = compareRecorded(want, ask(q))
				}
				answers.Lock()
				defer answers.Unlock()
				if looks != "" {
					differ++
					fmt.Printf("DIFFERS %s: %s\n", q.ID, looks)
				}
				<-places
			})
		}
	}
	work.Wait()
	fmt.Printf("%d recorded cases, %d differ\n", asked, differ)
	if differ > 0 || asked == 0 {
		return errors.New("the recorded answers are not those of ExternalDNS")
	}
	return nil
}

// needsCluster: flags of what recorded the first cases.
func needsCluster(q question) bool {
	for _, flag := range q.Flags {
		if strings.HasPrefix(flag, "--assume-lb") ||
			strings.HasPrefix(flag, "--assume-gateways") {
			return true
		}
	}
	return false
}

func readCase(folder string) (q question, want answer, err error) {
	q.ID = filepath.Join(filepath.Base(filepath.Dir(folder)),
		filepath.Base(folder))
	input, err := os.ReadFile(filepath.Join(folder, "input.yaml"))
	if err != nil {
		return q, want, err
	}
	q.Manifests = string(input)
	flags, err := os.ReadFile(filepath.Join(folder, "flags"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return q, want, err
	}
	for line := range strings.Lines(string(flags)) {
		q.Flags = append(q.Flags, strings.TrimSuffix(line, "\n"))
	}
	if why, err := os.ReadFile(filepath.Join(folder, "error")); err == nil {
		return q, answer{Error: "refused: " + string(why)}, nil
	}
	want.Records, err = readRecords(filepath.Join(folder, "expected.jsonl"))
	return q, want, err
}

// compareRecorded: why ExternalDNS refuses is not recorded word by word.
func compareRecorded(want, got answer) string {
	if want.Error != "" && got.Error != "" {
		return ""
	}
	return compare(want, got)
}
